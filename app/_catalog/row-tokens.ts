import type { NamedRow } from "../../content/query.ts";
import { quoteValue } from "../../content/query.ts";
import { labelTokens } from "../_query/label-tokens.ts";

/** Tokens of the query language that a row of the catalog matches. @param like what asks for those of its kind, first */
export function namedTokens(
  { namespace, states, bytes, labels }: NamedRow,
  like: readonly string[] = [],
): readonly string[] {
  return [
    ...like,
    ...states.map((state) => `state:${state}`),
    `ns:${quoteValue(namespace)}`,
    ...(bytes === undefined || bytes === 0 ? [] : [`size:>=${bytes}`]),
    ...labelTokens(labels),
  ];
}
