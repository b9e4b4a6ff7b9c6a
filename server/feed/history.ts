/** How much of what happened is remembered, whichever is less. */
export interface HistoryLimits {
  /** Milliseconds. */
  readonly ageMs: number;
  readonly entries: number;
  /** Estimated, in memory. */
  readonly bytes: number;
}

/** The latest of what happened, in order; the oldest goes first. */
export interface History<Entry> {
  /** @param bytes what it takes in memory, roughly */
  add(entry: Entry, bytes: number): void;
  /** All that is newer than that number; absent where some of it was forgotten. */
  since(sequence: number): readonly Entry[] | undefined;
  /** Entries that are remembered. */
  readonly size: number;
}

interface Kept<Entry> {
  readonly entry: Entry;
  readonly atMs: number;
  readonly bytes: number;
}

/** A history in which nothing happened yet. Its numbers only grow. */
export function createHistory<Entry extends { readonly sequence: number }>(limits: HistoryLimits): History<Entry> {
  let kept: (Kept<Entry> | undefined)[] = [];
  /** Index of the oldest. */
  let first = 0;
  let bytes = 0;
  /** Number of the last that was forgotten. */
  let forgotten = 0;

  function forgetOld(): void {
    const oldestMs = performance.now() - limits.ageMs;
    for (let oldest = kept[first]; oldest !== undefined; oldest = kept[first]) {
      const isKept = oldest.atMs >= oldestMs && kept.length - first <= limits.entries && bytes <= limits.bytes;
      if (isKept) break;
      forgotten = oldest.entry.sequence;
      bytes -= oldest.bytes;
      kept[first] = undefined;
      first += 1;
    }
    // Moved only now and then, so that an entry costs the same however many there are.
    if (first > kept.length / 2) {
      kept = kept.slice(first);
      first = 0;
    }
  }

  /** Index of the first entry that is newer than that number. */
  function indexAfter(sequence: number): number {
    let low = first;
    let high = kept.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((kept[middle]?.entry.sequence ?? 0) <= sequence) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  return {
    add(entry, size) {
      kept.push({ entry, atMs: performance.now(), bytes: size });
      bytes += size;
      forgetOld();
    },
    since(sequence) {
      forgetOld();
      if (sequence < forgotten) return undefined;
      return kept.slice(indexAfter(sequence)).flatMap((each) => each?.entry ?? []);
    },
    get size() {
      return kept.length - first;
    },
  };
}
