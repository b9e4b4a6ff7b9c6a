import { ContentError } from "./errors.ts";
import { utf8Length } from "./utf8.ts";

/** Limits of regular expressions that come from a caller. */
export const regexpLimits = {
  /** Bytes of UTF-8 that a pattern may have. */
  patternBytes: 1024,
  /** Largest regexpCost; at most some 20 ms to compile, and 150 ms for a text of 4 KiB. */
  cost: 5000,
} as const;

/** An escape, or a counted repetition such as `{64}` or `{2,5}`, with the `)` of a group that it repeats. */
const escapeOrRepetition = /\\(?:x\{[0-9a-fA-F]*\}|.)|(\)?)\{(\d+)(,?)(\d*)\}/gsu;

/**
 * Not less than the instructions that a pattern compiles to: time to compile and memory grow with it, and a pattern of
 * 1 KiB can have a million. A repeated group repeats what is in it; whichever groups hold which, all of them are
 * taken as nested.
 */
export function regexpCost(pattern: string): number {
  let groups = 1;
  let instructions = utf8Length(pattern);
  for (const [, group, least, comma, most] of pattern.matchAll(escapeOrRepetition)) {
    if (least === undefined) continue;
    const count = Number(most || least) + (comma && !most ? 1 : 0);
    if (group) groups *= Math.max(1, count);
    else instructions += count;
  }
  return groups * instructions;
}

/**
 * Refuse a pattern that is over a limit, before any time is spent on it.
 *
 * @throws `invalid-argument`
 */
export function limitRegexp(pattern: string): void {
  if (utf8Length(pattern) > regexpLimits.patternBytes) {
    throw new ContentError("invalid-argument", `regexp greater than maximum size (${regexpLimits.patternBytes} bytes)`);
  }
  if (regexpCost(pattern) > regexpLimits.cost) {
    throw new ContentError("invalid-argument", "regexp repeats too much");
  }
}
