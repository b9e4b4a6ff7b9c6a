import { ContentError } from "../errors.ts";
import { limitRegexp, regexpCost, regexpLimits } from "../regexp-limits.ts";
import { utf8Length } from "../utf8.ts";

/** Limits of the filters of one call; containerd has none. */
export const filterLimits = {
  /** Filters. */
  count: 100,
  /** Bytes of UTF-8 that one filter may have. */
  bytes: 16 * 1024,
} as const;

/** Refuse too many, too long filters. @throws `invalid-argument` */
export function limitFilters(filters: readonly string[]): void {
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
}

/** Refuse patterns over a limit: all those of a call together may cost what one may. @throws `invalid-argument` */
export function limitPatterns(patterns: readonly string[]): void {
  let cost = 0;
  for (const pattern of patterns) {
    limitRegexp(pattern);
    cost += regexpCost(pattern);
  }
  if (cost > regexpLimits.cost) throw new ContentError("invalid-argument", "filters: regexps repeat too much together");
}
