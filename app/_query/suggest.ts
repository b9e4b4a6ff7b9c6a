import type { Completion, Target } from "../../content/query.ts";
import { completeAt, queryFields } from "../../content/query.ts";
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

/** What can stand at the cursor. */
export interface Candidate {
  readonly label: string;
  readonly note: string;
  /** What stands in the query then. */
  readonly put: string;
}

/** Suggestions at most. */
const most = 8;

/**
 * What a query can go on with at a cursor, the likeliest first.
 *
 * @param candidatesOf all that can stand at a place, the likeliest first; what was typed chooses among them
 */
export function suggest(
  text: string,
  cursor: number,
  target: Target,
  candidatesOf: (at: Completion) => readonly Candidate[],
): readonly Suggestion[] {
  const at = completeAt(text, cursor, target);
  if (at === undefined) return [];
  const candidates = at.kind === "word" ? fieldCandidates(target) : candidatesOf(at);
  return candidates
    .filter(({ label }) => label.toLowerCase().startsWith(at.typed.toLowerCase()) && label !== at.typed)
    .slice(0, most)
    .map(({ label, note, put }) => {
      const before = `${text.slice(0, at.span.start)}${put}`;
      return { label, note, text: `${before}${text.slice(at.span.end)}`, cursor: before.length };
    });
}

function fieldCandidates(target: Target): readonly Candidate[] {
  return queryFields(target).map(({ name, meaning }) => ({ label: `${name}:`, note: meaning, put: `${name}:` }));
}

const examples: Readonly<Record<string, readonly string[]>> = {
  size: [">1MiB", ">100MiB", ">1GiB", "<4KiB"],
  age: ["<1h", "<24h", "<7d", ">30d"],
  updated: ["<1h", "<24h", "<7d", ">30d"],
};

/** Values of a field that has too many to know them. */
export function exampleCandidates(field: string | undefined): readonly Candidate[] {
  return (examples[field ?? ""] ?? []).map((label) => ({ label, note: "", put: `${label} ` }));
}

/** Values that rows on the page have, the most frequent first. @param noun one such row */
export function countedCandidates(
  texts: readonly string[],
  noun: string,
  put: (text: string) => string,
): readonly Candidate[] {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts]
    .toSorted(([, a], [, b]) => b - a)
    .map(([label, count]) => ({ label, note: `${formatCounted(count, noun)} here`, put: put(label) }));
}
