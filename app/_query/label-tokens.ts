import { quoteKey, quoteValue } from "../../content/query.ts";
import type { Labels } from "../../content/store.ts";

/** Labels that a menu offers, at most. */
const mostLabels = 8;

/** Tokens of the query language that ask for a row's labels, the first of them. */
export function labelTokens(labels: Labels): readonly string[] {
  const entries = Object.entries(labels).slice(0, mostLabels);
  return entries.map(([key, value]) => `label:${quoteKey(key)}=${quoteValue(value)}`);
}
