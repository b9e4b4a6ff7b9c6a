import type { Sample } from "../../content/eta.ts";
import { addSample } from "../../content/eta.ts";
import type { Change } from "./change.ts";
import type { Feed } from "./feed.ts";
import { ingestKey } from "./ingest-key.ts";
import type { FeedTiming } from "./timing.ts";

/** No rate is told of an ingest that is known for a shorter time, in milliseconds. */
const leastMs = 1000;

/** How fast ingests grow; one for all readers of a store. It listens, and its timer runs, only while anybody reads. */
export interface RateMeter {
  /** Begin to measure, and hear of every tick. @returns a function that ends it */
  join(onTick: () => void): () => void;
  /** Mean bytes per second of the last seconds; 0 for an ingest that does not move, or is not known. */
  rate(namespace: string, ref: string, nowMs: number): number;
}

/** A meter of a feed that nobody reads yet. */
export function createRateMeter(feed: Feed, { rateWindowMs, tickMs }: FeedTiming): RateMeter {
  const samples = new Map<string, readonly Sample[]>();
  const readers = new Set<() => void>();
  let stop: (() => void) | undefined;

  function hear(change: Change): void {
    if (change.kind !== "ingest") return;
    const key = ingestKey(change.namespace, change.ref);
    if (change.after === undefined) {
      samples.delete(key);
      return;
    }
    const atMs = Date.now();
    const first: Sample = { atMs, offset: change.before?.status.offset ?? 0 };
    const kept = addSample(samples.get(key) ?? [first], { atMs, offset: change.after.status.offset });
    // One sample before the window says where it began.
    const from = kept.findLastIndex((sample) => sample.atMs <= atMs - rateWindowMs);
    samples.set(key, kept.slice(Math.max(0, from)));
  }

  function start(): () => void {
    const unlisten = feed.listen(hear);
    const timer = setInterval(() => {
      for (const reader of readers) reader();
    }, tickMs);
    timer.unref();
    return () => {
      clearInterval(timer);
      unlisten();
      samples.clear();
    };
  }

  return {
    join(onTick) {
      const reader = () => onTick();
      readers.add(reader);
      stop ??= start();
      return () => {
        readers.delete(reader);
        if (readers.size > 0) return;
        stop?.();
        stop = undefined;
      };
    },
    rate(namespace, ref, nowMs) {
      const known = samples.get(ingestKey(namespace, ref)) ?? [];
      const first = known[0];
      const last = known.at(-1);
      if (first === undefined || last === undefined || nowMs - first.atMs < leastMs) return 0;
      // An offset holds until the next sample, so what was before the window stands for its beginning.
      const before = known.findLast(({ atMs }) => atMs <= nowMs - rateWindowMs);
      const elapsedMs = before === undefined ? nowMs - first.atMs : rateWindowMs;
      return Math.round(((last.offset - (before ?? first).offset) / elapsedMs) * 1000);
    },
  };
}
