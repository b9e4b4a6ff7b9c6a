import { compileRegexp } from "../regexp.ts";
import type { Adaptor } from "./adaptors.ts";
import { limitFilters, limitPatterns } from "./limits.ts";
import type { Selector } from "./parser.ts";
import { parseFilter } from "./parser.ts";

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
  limitFilters(filters);
  const parsed = filters.map(parseFilter);
  limitPatterns(patternsOf(parsed.flat()));
  if (parsed.length === 0) return () => true;
  const compiled = parsed.map((selectors) => selectors.map(compileSelector));
  return (adaptor) => compiled.some((selectors) => selectors.every((matches) => matches(adaptor)));
}

function patternsOf(selectors: readonly Selector[]): readonly string[] {
  return selectors.filter(({ operator }) => operator === "~=").map(({ value }) => value);
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
