/** The dashboard's query language: one parser and one meaning for the page and the server. */
export type {
  Comparison,
  Condition,
  DigestPrefix,
  Matcher,
  Query,
  Span,
  Target,
  Term,
} from "./query/ast.ts";
export { queryStates } from "./query/ast.ts";
export type { QueryBounds } from "./query/bounds.ts";
export { queryBounds } from "./query/bounds.ts";
export type { Completion } from "./query/complete.ts";
export { completeAt } from "./query/complete.ts";
export { addToken, hasToken, removeToken, toggleToken } from "./query/edit.ts";
export type { IngestRow } from "./query/evaluate.ts";
export { compileBlobQuery, compileIngestQuery } from "./query/evaluate.ts";
export type { Field } from "./query/fields.ts";
export { queryFields } from "./query/fields.ts";
export type { SaidFilters } from "./query/filters.ts";
export { toContainerdFilters } from "./query/filters.ts";
export { formatQuery, formatTerm, quoteKey, quoteValue } from "./query/format.ts";
export type { Interval } from "./query/interval.ts";
export { parseQuery, queryLimits } from "./query/parser.ts";
