import type { SetTotals } from "../feed/events.ts";
import type { LiveSet } from "../feed/live-set.ts";
import { createPending } from "../feed/pending.ts";
import type { FeedTiming } from "../feed/timing.ts";
import { nextTurn } from "../feed/turns.ts";
import type { Wake } from "../feed/wake.ts";
import type { RowSource } from "./row-source.ts";
import type { CatalogTiming } from "./timing.ts";

/** What a reader is told. */
export interface RowEvents<Row, Event> {
  /** True for a key whose row the reader wants. */
  covers(key: string): boolean;
  /** True for a row that counts. */
  counts(row: Row): boolean;
  /** Rows that are there; in batches that a message can hold. */
  rows(rows: readonly Row[]): Iterable<Event>;
  /** A row that the reader has is gone. */
  removed(key: string, row: Row): Event;
}

/** Milliseconds that rows are made in one turn of the event loop. */
const turnMs = 5;

/** Milliseconds between two signs that a set is still at work. */
const signMs = 1000;

/**
 * Rows of a source, live, for one reader. Of a row only its key is kept while it waits to be told, so that the latest state is
 * told, however slow the reader is; of the rows that the reader has, the last that was told.
 *
 * @param source it is disposed of with the set
 */
export function openLiveRows<Row, Event>(
  source: RowSource<Row>,
  { covers, counts, rows: rowEvents, removed }: RowEvents<Row, Event>,
  timing: FeedTiming & CatalogTiming,
  wake: Wake,
): LiveSet<Event> {
  const told = new Map<string, Row>();
  const pending = createPending<string, string>(timing.intervalMs, timing.pendingKeys, (key) => 100 + 2 * key.length);
  let stopListening: (() => void) | undefined;
  let count = 0;
  let isClosed = false;
  let overflowed = false;

  function hear(key: string): void {
    if (!covers(key)) return;
    pending.set(key, key);
    if (pending.size > timing.pendingKeys || pending.bytes > timing.pendingBytes) {
      overflowed = true;
      close();
    }
    wake.wake();
  }

  function close(): void {
    isClosed = true;
    stopListening?.();
    source[Symbol.dispose]();
    pending.clear();
    told.clear();
  }

  /** What the reader is told of rows as they are now. */
  function* tell(keys: readonly string[]): Generator<Event, void, undefined> {
    const rows: Row[] = [];
    for (const key of keys) {
      const [before, after] = [told.get(key), source.get(key)];
      count += Number(after !== undefined && counts(after)) - Number(before !== undefined && counts(before));
      if (after !== undefined) {
        told.set(key, after);
        rows.push(after);
      } else if (before !== undefined) {
        told.delete(key);
        yield removed(key, before);
      }
    }
    yield* rowEvents(rows);
  }

  async function* rows(): AsyncGenerator<Event | undefined, void, undefined> {
    yield* untilReady(source.ready);
    if (isClosed) return;
    stopListening = source.listen(hear);
    const keys = [...source.keys()].filter(covers);
    for (let next = 0; next < keys.length; ) {
      if (isClosed) return;
      const until = performance.now() + turnMs;
      const events: Event[] = [];
      while (next < keys.length && performance.now() < until) {
        events.push(...tell(keys.slice(next, next + timing.batchRows)));
        next += timing.batchRows;
      }
      yield* events;
      await nextTurn();
    }
    yield* changes();
  }

  async function* changes(): AsyncGenerator<Event, void, undefined> {
    if (!isClosed) yield* tell(pending.take(Date.now(), timing.batchRows));
  }

  return {
    rows,
    resume: async () => undefined,
    changes,
    dueAt: () => pending.dueAt(Date.now()),
    get overflowed() {
      return overflowed;
    },
    settled: true,
    get totals(): SetTotals {
      return { selected: { count, bytes: 0 } };
    },
    position: undefined,
    [Symbol.dispose]: close,
  };
}

async function* untilReady(ready: Promise<void>): AsyncGenerator<undefined, void, undefined> {
  for (let isReady = false; !isReady; ) {
    const sign = Promise.withResolvers<boolean>();
    const timer = setTimeout(() => sign.resolve(false), signMs);
    try {
      isReady = await Promise.race([ready.then(() => true), sign.promise]);
    } finally {
      clearTimeout(timer);
    }
    yield undefined;
  }
}
