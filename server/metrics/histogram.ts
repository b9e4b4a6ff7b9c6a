import type { Sample } from "./family.ts";

/** Numbers, counted by how large they are. */
export interface Histogram {
  add(value: number): void;
  /** Its numbers as Prometheus has them, each bucket with all below it. */
  samples(labels: Readonly<Record<string, string>>): readonly Sample[];
}

/** @param bounds upper ends of the buckets, ascending; what is above the last one is counted too */
export function createHistogram(bounds: readonly number[]): Histogram {
  const counts = new Float64Array(bounds.length + 1);
  let sum = 0;
  return {
    add(value) {
      const found = bounds.findIndex((bound) => value <= bound);
      const bucket = found < 0 ? bounds.length : found;
      counts[bucket] = (counts[bucket] ?? 0) + 1;
      sum += value;
    },
    samples(labels) {
      let below = 0;
      const buckets = [...bounds, Number.POSITIVE_INFINITY].map((bound, index) => {
        below += counts[index] ?? 0;
        return { suffix: "_bucket", labels: { ...labels, le: boundOf(bound) }, value: below };
      });
      return [...buckets, { suffix: "_sum", labels, value: sum }, { suffix: "_count", labels, value: below }];
    },
  };
}

/** A whole number has a point, as OpenMetrics wants it, so that a bucket has one name in both formats. */
function boundOf(bound: number): string {
  if (bound === Number.POSITIVE_INFINITY) return "+Inf";
  return Number.isInteger(bound) ? bound.toFixed(1) : String(bound);
}
