import { quoteKey, quoteValue } from "../../content/query.ts";
import type { Blob } from "../../content/remote/events.ts";

/** Labels that a menu offers, at most. */
const mostLabels = 8;

/** Tokens of the query language that a row matches. */
export function tokensOf({ namespace, info }: Blob): readonly string[] {
  const labels = Object.entries(info.labels).slice(0, mostLabels);
  return [
    `ns:${quoteValue(namespace)}`,
    `size:${info.size}`,
    ...labels.map(([key, value]) => `label:${quoteKey(key)}=${quoteValue(value)}`),
  ];
}
