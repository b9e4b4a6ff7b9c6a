/** Whole numbers from `min` to `max`, both in; -Infinity and Infinity: no end on that side. None when min is over max. */
export interface Interval {
  readonly min: number;
  readonly max: number;
}

/** All numbers. */
export const everything: Interval = Object.freeze({ min: -Infinity, max: Infinity });

/** True for a number of the interval. */
export function isWithin(value: number, { min, max }: Interval): boolean {
  return min <= value && value <= max;
}

/** True for an interval that ends on both sides. */
export function isClosed({ min, max }: Interval): boolean {
  return Number.isFinite(min) && Number.isFinite(max);
}

/** What is in both. */
export function intersection(a: Interval, b: Interval): Interval {
  return { min: Math.max(a.min, b.min), max: Math.min(a.max, b.max) };
}

/** What is in either, and between them. */
export function hull(a: Interval, b: Interval): Interval {
  return { min: Math.min(a.min, b.min), max: Math.max(a.max, b.max) };
}

/** What is outside; absent when that is on both sides. */
export function complement(interval: Interval): Interval | undefined {
  if (isClosed(interval)) return undefined;
  const { min, max } = interval;
  return Number.isFinite(max) ? { min: max + 1, max: Infinity } : { min: -Infinity, max: min - 1 };
}

/** The numbers whose distance before `origin` is in the interval. */
export function before(origin: number, { min, max }: Interval): Interval {
  return { min: origin - max, max: origin - min };
}
