import type { Completion, NamedRow } from "../../content/query.ts";
import { quoteKey, quoteValue } from "../../content/query.ts";
import type { CatalogSet } from "../_live/catalog-events.ts";
import type { Candidate, Suggestion } from "../_query/suggest.ts";
import { countedCandidates, exampleCandidates, suggest } from "../_query/suggest.ts";

/** Values that are known, to be suggested. */
export interface KnownNamed {
  readonly namespaces: readonly string[];
  readonly rows: readonly NamedRow[];
  /** States that a query can ask for. */
  readonly states: readonly string[];
}

/** What a query of images, leases or namespaces can go on with at a cursor, the likeliest first. */
export function suggestNamed(text: string, cursor: number, set: CatalogSet, known: KnownNamed): readonly Suggestion[] {
  return suggest(text, cursor, set, (at) => candidatesOf(at, set.slice(0, -1), known));
}

function candidatesOf(
  { kind, field, key }: Completion,
  noun: string,
  { namespaces, rows, states }: KnownNamed,
): readonly Candidate[] {
  const put = (value: string) => `${quoteValue(value)} `;
  const labels = rows.flatMap((row) => Object.entries(row.labels));
  if (kind === "key") {
    return countedCandidates(
      labels.map(([name]) => name),
      noun,
      quoteKey,
    );
  }
  if (field === "ns") return namespaces.map((label) => ({ label, note: "", put: put(label) }));
  if (field === "label") {
    return countedCandidates(
      labels.flatMap(([name, value]) => (name === key ? value : [])),
      noun,
      put,
    );
  }
  if (field === "name" || field === "id") {
    return countedCandidates(
      rows.map(({ texts: [name] }) => name),
      noun,
      put,
    );
  }
  if (field !== "state") return exampleCandidates(field);
  return states.map((label) => {
    const [counted] = countedCandidates(
      rows.flatMap((row) => row.states.filter((state) => state === label)),
      noun,
      put,
    );
    return counted ?? { label, note: "none here", put: put(label) };
  });
}
