import type { Completion } from "../../content/query.ts";
import { queryStates, quoteValue } from "../../content/query.ts";
import type { Ingest } from "../../content/remote/events.ts";
import type { Candidate, Suggestion } from "../_query/suggest.ts";
import { countedCandidates, exampleCandidates, suggest } from "../_query/suggest.ts";
import { partsOfRef } from "./ref.ts";

/** Values that are known, to be suggested. */
export interface KnownIngests {
  readonly namespaces: readonly string[];
  readonly ingests: readonly Ingest[];
}

/** What a query of ingests can go on with at a cursor, the likeliest first. */
export function suggestIngests(text: string, cursor: number, known: KnownIngests): readonly Suggestion[] {
  return suggest(text, cursor, "ingests", (at) => candidatesOf(at, known));
}

function candidatesOf({ field }: Completion, { namespaces, ingests }: KnownIngests): readonly Candidate[] {
  const put = (value: string) => `${quoteValue(value)} `;
  if (field === "ns") return namespaces.map((label) => ({ label, note: "", put: put(label) }));
  if (field === "ref") return countedCandidates(ingests.map(startOfRef), "ingest", put);
  if (field !== "state") return exampleCandidates(field);
  return queryStates.map((label) => {
    const [counted] = countedCandidates(
      ingests.map(({ state }) => state).filter((state) => state === label),
      "ingest",
      put,
    );
    return counted ?? { label, note: "none here", put: put(label) };
  });
}

/** Refs of one client differ by their digests: what is before one is what they share. */
function startOfRef({ status: { ref } }: Ingest): string {
  const { prefix } = partsOfRef(ref);
  return prefix === "" ? ref : prefix;
}
