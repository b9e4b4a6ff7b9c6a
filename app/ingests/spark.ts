import type { Sample } from "../../content/eta.ts";

/** Bars of rates, and the time that each stands for in milliseconds. */
export interface RateShape {
  readonly bars: number;
  readonly barMs: number;
}

/** The bars of a row. */
export const sparkShape: RateShape = { bars: 12, barMs: 5_000 };

/**
 * Bytes that came in each of the last spans, oldest first; absent where it was not looked at so early.
 *
 * @param samples oldest first
 */
export function ratesOf(
  samples: readonly Sample[],
  nowMs: number,
  { bars, barMs } = sparkShape,
): readonly (number | undefined)[] {
  return Array.from({ length: bars }, (_, bar) => {
    const end = nowMs - (bars - 1 - bar) * barMs;
    const after = offsetAt(samples, end);
    const before = offsetAt(samples, end - barMs);
    if (after === undefined) return undefined;
    return Math.max(0, after - (before ?? samples[0]?.offset ?? after));
  });
}

/** Bars in a box of 12 px height as a path; the largest fills it, a known one is 1 px at least. */
export function sparkPath(values: readonly (number | undefined)[]): string {
  const most = Math.max(1, ...values.map((value) => value ?? 0));
  return values
    .map((value, bar) => {
      if (value === undefined) return "";
      const height = Math.max(1, Math.round((value / most) * 12));
      return `M${bar * 3} ${12 - height}h2v${height}h-2z`;
    })
    .join("");
}

/** Bytes that came in the last minute, or since the page looks when that is shorter. @param samples oldest first */
export function bytesThisMinute(samples: readonly Sample[], nowMs: number): number {
  return ratesOf(samples, nowMs, { bars: 1, barMs: 60_000 })[0] ?? 0;
}

function offsetAt(samples: readonly Sample[], atMs: number): number | undefined {
  return samples.findLast((sample) => sample.atMs <= atMs)?.offset;
}
