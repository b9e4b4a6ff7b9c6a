/**
 * The dashboard's query language: one parser and one meaning for the page and the server. Who needs its patterns compiled
 * gives it compileRegexp, which it does not import: a page does without until there is a pattern.
 */
export type { OrderKey } from "./order.ts";
export { compareBy, parseOrder } from "./order.ts";
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
export { imageStates, leaseStates, queryStates } from "./query/ast.ts";
export type { QueryBounds } from "./query/bounds.ts";
export { queryBounds } from "./query/bounds.ts";
export type { Completion } from "./query/complete.ts";
export { completeAt } from "./query/complete.ts";
export { addToken, hasToken, removeToken, toggleToken } from "./query/edit.ts";
export type { IngestRow, NamedRow } from "./query/evaluate.ts";
export { compileBlobQuery, compileIngestQuery, compileNamedQuery } from "./query/evaluate.ts";
export type { Field } from "./query/fields.ts";
export { queryFields } from "./query/fields.ts";
export type { SaidFilters } from "./query/filters.ts";
export { toContainerdFilters } from "./query/filters.ts";
export { formatQuery, formatTerm, quoteKey, quoteValue } from "./query/format.ts";
export type { Interval } from "./query/interval.ts";
export { parseQuery, patternsOf, queryLimits, readQuery } from "./query/parser.ts";
export type { CompileRegexp } from "./regexp.ts";
export { formatRowKey } from "./row-key.ts";
