import { ContentError } from "../errors.ts";
import { compileRegexp, limitRegexp, regexpCost, regexpLimits } from "../regexp.ts";
import { utf8Length } from "../utf8.ts";
import type { Adaptor } from "./adaptors.ts";
import type { Selector } from "./parser.ts";
import { parseFilter } from "./parser.ts";

/** Limits of the filters of one call; containerd has none. */
export const filterLimits = {
  /** Filters. */
  count: 100,
  /** Bytes of UTF-8 that one filter may have. */
  bytes: 16 * 1024,
} as const;

/** True for what a filter lets through. */
export type Filter = (adaptor: Adaptor) => boolean;

/**
 * Filters in containerd's language as one test: what any of them matches, matches (containerd's filters/filter.go).
 *
 * As there: `==` needs the field; `!=` and `~=` take an absent one as empty; `~=` is RE2, searched anywhere in the
 * value, and one that does not compile matches nothing.
 *
 * @param filters none, or one that is empty: everything matches
 * @throws `invalid-argument` for one that does not parse, with containerd's text, and for too many, too long ones and
 * for patterns over a limit of regexpLimits
 */
export function compileFilters(filters: readonly string[] = []): Filter {
  if (filters.length > filterLimits.count) {
    throw new ContentError("invalid-argument", `filters: more than ${filterLimits.count} filters`);
  }
  for (const filter of filters) {
    if (utf8Length(filter) > filterLimits.bytes) {
      throw new ContentError(
        "invalid-argument",
        `filters: filter greater than maximum size (${filterLimits.bytes} bytes)`,
      );
    }
  }
  const parsed = filters.map(parseFilter);
  limitPatterns(parsed.flat());
  if (parsed.length === 0) return () => true;
  const compiled = parsed.map((selectors) => selectors.map(compileSelector));
  return (adaptor) => compiled.some((selectors) => selectors.every((matches) => matches(adaptor)));
}

/** All patterns of a call together may cost what one may. */
function limitPatterns(selectors: readonly Selector[]): void {
  const patterns = selectors.filter(({ operator }) => operator === "~=").map(({ value }) => value);
  let cost = 0;
  for (const pattern of patterns) {
    limitRegexp(pattern);
    cost += regexpCost(pattern);
  }
  if (cost > regexpLimits.cost) throw new ContentError("invalid-argument", "filters: regexps repeat too much together");
}

function compileSelector({ fieldpath, operator, value }: Selector): Filter {
  switch (operator) {
    case "present":
      return (adaptor) => adaptor(fieldpath) !== undefined;
    case "==":
      return (adaptor) => adaptor(fieldpath) === value;
    case "!=":
      return (adaptor) => (adaptor(fieldpath) ?? "") !== value;
    case "~=": {
      const matches = matcherOf(value);
      return (adaptor) => matches(adaptor(fieldpath) ?? "");
    }
  }
}

function matcherOf(pattern: string): (text: string) => boolean {
  try {
    return compileRegexp(pattern);
  } catch {
    return () => false;
  }
}
