import type { Completion } from "../../content/query.ts";
import { quoteKey, quoteValue } from "../../content/query.ts";
import type { Labels } from "../../content/store.ts";
import type { Candidate, Suggestion } from "../_query/suggest.ts";
import { countedCandidates, exampleCandidates, suggest } from "../_query/suggest.ts";

/** Values that are known, to be suggested. */
export interface KnownValues {
  readonly namespaces: readonly string[];
  /** Labels of the blobs on the page. */
  readonly labels: readonly Labels[];
}

/** What a query of blobs can go on with at a cursor, the likeliest first. */
export function suggestBlobs(text: string, cursor: number, known: KnownValues): readonly Suggestion[] {
  return suggest(text, cursor, "blobs", (at) => candidatesOf(at, known));
}

function candidatesOf({ kind, field, key }: Completion, { namespaces, labels }: KnownValues): readonly Candidate[] {
  if (kind === "key") return countedCandidates(labels.flatMap(Object.keys), "blob", (name) => `${quoteKey(name)}=`);
  if (field === "ns") return namespaces.map((name) => ({ label: name, note: "", put: `${quoteValue(name)} ` }));
  if (field !== "label" || key === undefined) return exampleCandidates(field);
  const values = labels.flatMap((each) => each[key] ?? []);
  return countedCandidates(values, "blob", (value) => `${quoteValue(value)} `);
}
