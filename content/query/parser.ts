import type { CompileRegexp } from "../regexp.ts";
import { limitRegexp, regexpCost, regexpLimits } from "../regexp-limits.ts";
import { utf8Length } from "../utf8.ts";
import type { Query, Span, Target, Term } from "./ast.ts";
import { blameOf, conditionOf } from "./conditions.ts";
import { at, queryError } from "./fault.ts";
import { isField } from "./fields.ts";
import type { Token } from "./scanner.ts";
import { scanQuery } from "./scanner.ts";

/** Limits of one query. */
export const queryLimits = {
  /** Bytes of UTF-8. */
  bytes: 4096,
  /** Tokens. */
  tokens: 64,
} as const;

/**
 * Read a query: tokens with spaces between them, all of which have to hold (content/query/groups.ts has the exceptions).
 *
 * - `ns:NAME`, `size:>100MiB`, `size:1KiB..2KiB`, `age:<7d`; `-` before a token turns it round;
 * - of blobs also `digest:PREFIX`, `updated:<1h`, `label:KEY`, `label:KEY=VALUE`, `label:KEY=` for those without it;
 * - of ingests also `ref:TEXT`, `state:stalled`;
 * - of events also `act:delete`, `kind:image`, `cause:expiry`, `digest:`, and `who:`, `from:`, `object:`, `ref:`, `code:`, `store:` with text;
 * - of images and leases also `label:` as of blobs, `state:leaked`; of namespaces `label:`, and no `age:`;
 * - a word without a field is searched: in digest and labels, in the ref, or in names and labels. Of blobs and events, 6 digits of hex
 *   and more, with `sha256:` before them or not, are the beginning of a digest;
 * - `"…"` for text with spaces, or that would mean something else; `\"` and `\\` in it;
 * - `/…/` is RE2: as a word, and in `digest:`, `label:`, `label:KEY=`, `ref:`, and where of events text can stand.
 *
 * Case counts, but in units and in hex.
 *
 * Whether its patterns are regular expressions is not asked: parseQuery does.
 *
 * @throws `invalid-argument` with the fact `query`: for what does not parse, a field that does not exist or whose data
 * is not kept yet, and a query over a limit of queryLimits or regexpLimits, the latter for all patterns together
 */
export function readQuery<T extends Target>(text: string, target: T): Query<T> {
  limitText(text);
  const tokens = scanQuery(text);
  const beyond = tokens[queryLimits.tokens];
  if (beyond) throw queryError({ message: `a query has ${queryLimits.tokens} parts at most`, span: beyond.span });
  const terms = tokens.map((token) => parseTerm(token, target));
  limitPatterns(patternsIn(tokens));
  return Object.freeze({ target, terms: Object.freeze(terms) });
}

/**
 * Read a query whose patterns are regular expressions.
 *
 * @param compile compileRegexp; called only where there is a pattern
 * @throws what readQuery throws, and `invalid-argument` with the fact `query` for a pattern that does not compile
 */
export function parseQuery<T extends Target>(text: string, target: T, compile: CompileRegexp): Query<T> {
  const query = readQuery(text, target);
  for (const { pattern, span } of patternsOf(text)) at(span, () => compile(pattern));
  return query;
}

/** A pattern of a query. */
export interface Pattern {
  readonly pattern: string;
  /** Where it stands in the text, with its slashes. */
  readonly span: Span;
}

/** The patterns of a text, whether it is a query or not. */
export function patternsOf(text: string): readonly Pattern[] {
  return patternsIn(scanQuery(text));
}

function patternsIn(tokens: readonly Token[]): readonly Pattern[] {
  const parts = tokens.flatMap((token) => token.parts).filter(({ kind }) => kind === "regexp");
  return parts.map(({ text, span }) => ({ pattern: text, span }));
}

function limitText(text: string): void {
  const span = { start: 0, end: text.length };
  if (text.length > queryLimits.bytes || utf8Length(text) > queryLimits.bytes) {
    throw queryError({ message: `query greater than maximum size (${queryLimits.bytes} bytes)`, span });
  }
  if (!text.isWellFormed()) throw queryError({ message: "query must be Unicode", span });
}

function parseTerm<T extends Target>(token: Token, target: T): Term<T> {
  const { excluded, fault, field, span } = token;
  if (fault && (!field || isField(target, field.name))) throw queryError(fault);
  const blame = field && !isField(target, field.name) ? field.span : blameOf(token);
  const condition = at(blame, () => conditionOf(token, target));
  return frozen({ condition, excluded, span });
}

/** No pattern is compiled before all of them together are known to be within the limit. */
function limitPatterns(patterns: readonly Pattern[]): void {
  let cost = 0;
  for (const { pattern, span } of patterns) {
    at(span, () => limitRegexp(pattern));
    cost += regexpCost(pattern);
    if (cost > regexpLimits.cost) throw queryError({ message: "regexps repeat too much together", span });
  }
}

function frozen<V extends object>(value: V): V {
  for (const part of Object.values(value)) if (typeof part === "object") frozen(part);
  return Object.freeze(value);
}
