import { completeAt, queryFields, quoteKey, quoteValue } from "../../content/query.ts";
import type { Labels } from "../../content/store.ts";
import { formatCounted } from "../_ui/format.ts";

/** What a query can go on with. */
export interface Suggestion {
  /** As a person reads it. */
  readonly label: string;
  readonly note: string;
  /** The query with it, and where the cursor is then. */
  readonly text: string;
  readonly cursor: number;
}

/** Values that are known, to be suggested. */
export interface KnownValues {
  readonly namespaces: readonly string[];
  /** Labels of the blobs on the page. */
  readonly labels: readonly Labels[];
}

/** Suggestions at most. */
const most = 8;

/** What a query can go on with at a cursor, the likeliest first. */
export function suggest(text: string, cursor: number, known: KnownValues): readonly Suggestion[] {
  const at = completeAt(text, cursor, "blobs");
  if (at === undefined) return [];
  return candidatesOf(at, known)
    .filter(({ label }) => label.toLowerCase().startsWith(at.typed.toLowerCase()) && label !== at.typed)
    .slice(0, most)
    .map(({ label, note, put }) => {
      const before = `${text.slice(0, at.span.start)}${put}`;
      return { label, note, text: `${before}${text.slice(at.span.end)}`, cursor: before.length };
    });
}

interface Candidate {
  readonly label: string;
  readonly note: string;
  /** What stands in the query then. */
  readonly put: string;
}

function candidatesOf(
  { kind, field, key }: NonNullable<ReturnType<typeof completeAt>>,
  { namespaces, labels }: KnownValues,
): readonly Candidate[] {
  if (kind === "word") return fieldCandidates();
  if (kind === "key") return countedCandidates(labels.flatMap(Object.keys), (name) => `${quoteKey(name)}=`);
  if (field === "ns") return namespaces.map((name) => ({ label: name, note: "", put: `${quoteValue(name)} ` }));
  if (field !== "label" || key === undefined) return exampleCandidates(field);
  const values = labels.flatMap((each) => each[key] ?? []);
  return countedCandidates(values, (value) => `${quoteValue(value)} `);
}

function fieldCandidates(): readonly Candidate[] {
  return queryFields("blobs").map(({ name, meaning }) => ({ label: `${name}:`, note: meaning, put: `${name}:` }));
}

const examples: Readonly<Record<string, readonly string[]>> = {
  size: [">1MiB", ">100MiB", ">1GiB", "<4KiB"],
  age: ["<1h", "<24h", "<7d", ">30d"],
  updated: ["<1h", "<24h", "<7d", ">30d"],
};

function exampleCandidates(field: string | undefined): readonly Candidate[] {
  return (examples[field ?? ""] ?? []).map((label) => ({ label, note: "", put: `${label} ` }));
}

function countedCandidates(texts: readonly string[], put: (text: string) => string): readonly Candidate[] {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts]
    .toSorted(([, a], [, b]) => b - a)
    .map(([label, count]) => ({ label, note: `${formatCounted(count, "blob")} here`, put: put(label) }));
}
