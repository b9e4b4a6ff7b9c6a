import { compileRegexp, limitRegexp, regexpCost, regexpLimits } from "../regexp.ts";
import { utf8Length } from "../utf8.ts";
import type { Query, Target, Term } from "./ast.ts";
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
 * - a word without a field is searched: in digest and labels, or in the ref. Of blobs, 6 digits of hex and more, with
 *   `sha256:` before them or not, are the beginning of a digest;
 * - `"…"` for text with spaces, or that would mean something else; `\"` and `\\` in it;
 * - `/…/` is RE2: as a word, and in `digest:`, `label:`, `label:KEY=` and `ref:`.
 *
 * Case counts, but in units and in hex.
 *
 * @throws `invalid-argument` with the fact `query`: for what does not parse, a field that does not exist or whose data
 * is not kept yet, and a query over a limit of queryLimits or regexpLimits, the latter for all patterns together
 */
export function parseQuery<T extends Target>(text: string, target: T): Query<T> {
  limitText(text);
  const tokens = scanQuery(text);
  const beyond = tokens[queryLimits.tokens];
  if (beyond) throw queryError({ message: `a query has ${queryLimits.tokens} parts at most`, span: beyond.span });
  const terms = tokens.map((token) => parseTerm(token, target));
  compileAll(tokens);
  return Object.freeze({ target, terms: Object.freeze(terms) });
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

/** Patterns are compiled only once all of them together are known to be within the limit. */
function compileAll(tokens: readonly Token[]): void {
  const regexps = tokens.flatMap(({ parts }) => parts.filter(({ kind }) => kind === "regexp"));
  let cost = 0;
  for (const { text, span } of regexps) {
    at(span, () => limitRegexp(text));
    cost += regexpCost(text);
    if (cost > regexpLimits.cost) throw queryError({ message: "regexps repeat too much together", span });
  }
  for (const { text, span } of regexps) at(span, () => compileRegexp(text));
}

function frozen<V extends object>(value: V): V {
  for (const part of Object.values(value)) if (typeof part === "object") frozen(part);
  return Object.freeze(value);
}
