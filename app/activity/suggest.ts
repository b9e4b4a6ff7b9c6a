import type { AuditEvent } from "../../content/audit.ts";
import { auditActs, auditCauses, auditKinds } from "../../content/audit.ts";
import type { Completion } from "../../content/query.ts";
import { quoteValue } from "../../content/query.ts";
import type { Candidate, Suggestion } from "../_query/suggest.ts";
import { countedCandidates, exampleCandidates, suggest } from "../_query/suggest.ts";

/** Values that are known, to be suggested. */
export interface KnownEvents {
  readonly namespaces: readonly string[];
  readonly events: readonly AuditEvent[];
}

/** What a query of events can go on with at a cursor, the likeliest first. */
export function suggestEvents(text: string, cursor: number, known: KnownEvents): readonly Suggestion[] {
  return suggest(text, cursor, "events", (at) => candidatesOf(at, known));
}

/** What events have in the fields that are suggested from them. */
const readers: Readonly<Record<string, (event: AuditEvent) => string>> = {
  who: ({ who }) => who,
  from: ({ peer }) => peer,
  object: ({ name }) => name,
  ref: ({ name, kind }) => (kind === "ingest" || kind === "blob" ? name : ""),
  store: ({ store }) => store,
  code: ({ code }) => code,
  act: ({ act }) => act,
  kind: ({ kind }) => kind,
  cause: ({ cause }) => cause,
};

/** All values that a field can have. */
const words: Readonly<Record<string, readonly string[]>> = { act: auditActs, kind: auditKinds, cause: auditCauses };

function candidatesOf({ field = "" }: Completion, { namespaces, events }: KnownEvents): readonly Candidate[] {
  const put = (value: string) => `${quoteValue(value)} `;
  if (field === "ns") return namespaces.map((label) => ({ label, note: "", put: put(label) }));
  const read = Object.hasOwn(readers, field) ? readers[field] : undefined;
  if (read === undefined) return exampleCandidates(field);
  const here = countedCandidates(
    events.map(read).filter((text) => text !== ""),
    "event",
    put,
  );
  const known = new Set(here.map(({ label }) => label));
  const others = (words[field] ?? []).filter((label) => !known.has(label));
  return [...here, ...others.map((label) => ({ label, note: "none here", put: put(label) }))];
}
