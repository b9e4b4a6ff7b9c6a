/** Numbers from 0 up to 1 that look random, the same for the same seed. */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** So many places below a bound, in order. */
export function randomPlaces(random: () => number, count: number, below: number): number[] {
  return Array.from({ length: count }, () => Math.floor(random() * below)).sort((a, b) => a - b);
}
