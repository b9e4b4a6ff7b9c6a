import type { Cursor } from "./compare/cursor.ts";
import { openCursor } from "./compare/cursor.ts";
import type { CompareSide } from "./compare/side.ts";
import { throwIfCancelled } from "./errors.ts";
import type { Info } from "./store.ts";

/** Where a blob is: on the first side alone, on both, on the second side alone. */
export type ComparedPart = "only-a" | "both" | "only-b";

/** Blobs, each digest once, and their bytes. */
export interface BlobAmount {
  readonly blobs: number;
  readonly bytes: number;
}

/** What each part amounts to. */
export type CompareTotals = Readonly<Record<ComparedPart, BlobAmount>>;

/** A blob, and where it is. */
export interface Difference {
  readonly part: ComparedPart;
  /** As the first store has it that has the blob: of the first side, where both have it. */
  readonly info: Info;
  /** Which store of that side that is, from 0. */
  readonly at: number;
  /** Of what both sides have: as the second side has it. */
  readonly other?: Info;
}

export interface CompareOptions {
  /** What the sides are called in errors; absent: `side a` and `side b`. */
  readonly names?: { readonly a: string; readonly b: string };
  readonly signal?: AbortSignal;
}

/** A comparison, which begins anew with each iteration. */
export interface Comparison extends AsyncIterable<Difference> {
  /** What was told so far, by the iteration that began last. */
  readonly totals: CompareTotals;
}

interface Count {
  blobs: number;
  bytes: number;
}

/**
 * What two sides have and have not of each other: all their blobs, in the order of digests, each once. Both sides are walked
 * through as the answer is read, so that memory holds a blob of each store and not more, and nothing is asked for that
 * nobody reads. Leaving the iteration ends both walks.
 *
 * @throws while it is iterated: `failed-precondition` for a store that gives its blobs in another order than that of their digests;
 * `cancelled` after the signal aborted; what a walk throws, with the name of its side before it
 */
export function compare(a: CompareSide, b: CompareSide, options: CompareOptions = {}): Comparison {
  const { names = { a: "side a", b: "side b" }, signal } = options;
  let counts: Readonly<Record<ComparedPart, Count>> = noCounts();
  return {
    get totals() {
      return { "only-a": { ...counts["only-a"] }, both: { ...counts.both }, "only-b": { ...counts["only-b"] } };
    },
    async *[Symbol.asyncIterator]() {
      counts = noCounts();
      const own = counts;
      for await (const difference of differences(openCursor(a, names.a, signal), openCursor(b, names.b, signal))) {
        throwIfCancelled(signal);
        const count = own[difference.part];
        count.blobs += 1;
        count.bytes += difference.info.size;
        yield difference;
      }
    },
  };
}

function noCounts(): Readonly<Record<ComparedPart, Count>> {
  return {
    "only-a": { blobs: 0, bytes: 0 },
    both: { blobs: 0, bytes: 0 },
    "only-b": { blobs: 0, bytes: 0 },
  };
}

/** Walks through both sides at once; the one that is behind goes on. */
async function* differences(a: Cursor, b: Cursor): AsyncGenerator<Difference, void, undefined> {
  try {
    await Promise.all([a.advance(), b.advance()]);
    for (;;) {
      const [first, second] = [a.current, b.current];
      if (first === undefined && second === undefined) return;
      if (first !== undefined && (second === undefined || first.digest < second.digest)) {
        yield { part: "only-a", info: first, at: a.at };
        await a.advance();
      } else if (second !== undefined && (first === undefined || second.digest < first.digest)) {
        yield { part: "only-b", info: second, at: b.at };
        await b.advance();
      } else if (first !== undefined && second !== undefined) {
        yield { part: "both", info: first, at: a.at, other: second };
        await Promise.all([a.advance(), b.advance()]);
      }
    }
  } finally {
    await Promise.allSettled([a.close(), b.close()]);
  }
}
