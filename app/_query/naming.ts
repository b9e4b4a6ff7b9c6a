import { queryLimits, quoteValue } from "../../content/query.ts";
import { utf8Length } from "../../content/utf8.ts";

/** A query that names things, such as `ref:a ref:b`; empty where they are too many, or too long, to be named. */
export function namingQuery(field: string, values: Iterable<string>): string {
  const tokens = [...new Set(values)].map((value) => `${field}:${quoteValue(value)}`);
  const query = tokens.join(" ");
  return tokens.length > queryLimits.tokens || utf8Length(query) > queryLimits.bytes ? "" : query;
}
