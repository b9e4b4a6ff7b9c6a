import { quoteValue } from "../../content/query.ts";
import type { Blob } from "../../content/remote/events.ts";
import { labelTokens } from "../_query/label-tokens.ts";

/** Tokens of the query language that a row matches. */
export function tokensOf({ namespace, info }: Blob): readonly string[] {
  return [`ns:${quoteValue(namespace)}`, `size:${info.size}`, ...labelTokens(info.labels)];
}
