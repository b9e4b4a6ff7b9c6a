/** Where an ingest stood at a moment. */
export interface Sample {
  /** Milliseconds since 1970, of the server's clock. */
  readonly atMs: number;
  /** Bytes that were on disk. */
  readonly offset: number;
}

/** How rates are measured. */
export const rateLimits = {
  /** Samples that are kept: so many milliseconds, and one before. */
  keptMs: 60_000,
  /** Samples that are closer than so many milliseconds become one. */
  spacingMs: 500,
  /** Half-life of the moving mean, in milliseconds. */
  halfLifeMs: 5000,
  /** No rate is told before bytes came for so many milliseconds. */
  leastMs: 3000,
} as const;

/**
 * The recent samples with one more. An ingest that was cut back begins anew: what was before says nothing about it.
 *
 * @param samples oldest first, as this function returned them; none at first
 * @param sample not older than the last one; an older one is left out
 */
export function addSample(samples: readonly Sample[], sample: Sample): readonly Sample[] {
  const last = samples.at(-1);
  if (last === undefined || sample.offset < last.offset) return [sample];
  if (sample.atMs < last.atMs) return samples;
  const previous = samples.at(-2);
  const crowded = previous !== undefined && sample.atMs - previous.atMs < rateLimits.spacingMs;
  const kept = [...(crowded ? samples.slice(0, -1) : samples), sample];
  const firstWithin = kept.findIndex(({ atMs }) => atMs > sample.atMs - rateLimits.keptMs);
  return kept.slice(Math.max(0, firstWithin - 1));
}

/**
 * Bytes per second by a moving mean that halves a sample's weight every 5 s; absent before bytes came for 3 s.
 *
 * @param samples oldest first
 */
export function rateOf(samples: readonly Sample[]): number | undefined {
  const first = samples[0];
  const last = samples.at(-1);
  if (first === undefined || last === undefined || last.atMs - first.atMs < rateLimits.leastMs) return undefined;
  let sum = 0;
  let weight = 0;
  for (const [index, { atMs, offset }] of samples.entries()) {
    const before = samples[index - 1];
    if (before === undefined || atMs <= before.atMs) continue;
    const elapsedMs = atMs - before.atMs;
    const fading = 2 ** (-elapsedMs / rateLimits.halfLifeMs);
    sum = sum * fading + (1 - fading) * ((offset - before.offset) / elapsedMs) * 1000;
    weight = weight * fading + (1 - fading);
  }
  return weight === 0 ? undefined : sum / weight;
}

/**
 * Mean bytes per second of the last `windowMs` before `nowMs`; absent where the samples do not reach back so far.
 *
 * @param samples oldest first; the last one is taken to hold until `nowMs`
 */
export function meanRate(samples: readonly Sample[], nowMs: number, windowMs: number): number | undefined {
  const from = samples.findLast(({ atMs }) => atMs <= nowMs - windowMs);
  const last = samples.at(-1);
  if (from === undefined || last === undefined) return undefined;
  return ((last.offset - from.offset) / (nowMs - from.atMs)) * 1000;
}

/**
 * Milliseconds until all bytes are there, at the rate of rateOf; 0 when they are. Absent: total or rate is not known,
 * or nothing moves.
 *
 * @param total bytes; 0 when unknown
 */
export function etaOf(samples: readonly Sample[], total: number): number | undefined {
  const last = samples.at(-1);
  if (last === undefined || total <= 0) return undefined;
  if (last.offset >= total) return 0;
  const rate = rateOf(samples);
  return rate === undefined || rate <= 0 ? undefined : ((total - last.offset) / rate) * 1000;
}
