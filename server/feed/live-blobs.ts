import type { Metadata, Snapshot } from "../metadata/metadata.ts";
import type { Order, Totals } from "../metadata/set.ts";
import { inBatches } from "./batches.ts";
import { openBlobInbox } from "./blob-inbox.ts";
import type { BlobNews } from "./blob-news.ts";
import { createBlobNews } from "./blob-news.ts";
import type { BlobRow } from "./change.ts";
import type { DigestChange } from "./digest-change.ts";
import { addTotals } from "./digest-change.ts";
import type { BlobEvent } from "./events.ts";
import type { LiveSet } from "./live-set.ts";
import type { MissedRow } from "./missed-blobs.ts";
import { collectMissed } from "./missed-blobs.ts";
import { scan } from "./scan.ts";
import { countSince } from "./selected-totals.ts";
import type { CompiledSelection } from "./selection.ts";
import type { FeedTiming } from "./timing.ts";
import type { Wake } from "./wake.ts";
import type { Window } from "./window.ts";
import { createWindow } from "./window.ts";

/** Which blobs a reader follows, and how. */
export interface BlobQuery {
  readonly selection: CompiledSelection;
  readonly order: Order;
  /** So many rows, a window; 0: all. */
  readonly limit: number;
  /** A window's first row is this one, or the next where it is not there; absent: the first of all. */
  readonly start?: BlobRow;
  /** Least milliseconds between two events of a digest. */
  readonly minIntervalMs: number;
  /** True: a whole set is told as bytes. */
  readonly encoded: boolean;
}

/**
 * The blobs of a query, live.
 *
 * It holds the changes that the reader has not been told, and of a window its rows without labels; of a whole set it holds
 * no row. Totals are counted once and then follow the changes that are told.
 */
export function openLiveBlobs(
  metadata: Pick<Metadata, "feed" | "snapshot" | "scan" | "count">,
  query: BlobQuery,
  timing: FeedTiming,
  wake: Wake,
  signal: AbortSignal,
): LiveSet<BlobEvent> {
  const { selection, order, limit, start, minIntervalMs, encoded } = query;
  const { pageRows } = timing;
  const selects = selection.whole ? selection.covers : selection.selectsBlob;
  const begun = beginTotals(metadata, selection);
  let { whole } = begun;
  let selected = whole;
  // Nothing can be told between the view and these lines: all are of one turn.
  let counting = selection.whole ? undefined : countSince(metadata, selection, { ...begun, timing, signal });
  /** What the reader was told before the count could be taken. */
  const toldEarly: DigestChange[] = [];
  const inbox = openBlobInbox(metadata.feed, selection, { ...begun, minIntervalMs, timing, wake: wake.wake });
  const window = limit > 0 ? createWindow(order, limit, start) : undefined;

  async function* rows(): AsyncGenerator<BlobEvent | undefined, void, undefined> {
    yield* window === undefined ? readAll() : fill(window);
    yield* catchUp();
  }

  /** Until the totals are counted, and every change is heard that the rows had already. */
  async function* catchUp(): AsyncGenerator<BlobEvent | undefined, void, undefined> {
    if (counting !== undefined) {
      yield* settled(counting.counted);
      inbox.saw(counting.sequence);
    }
    while (!inbox.settled) {
      yield* changes();
      yield undefined;
      const now = Date.now();
      if (!inbox.settled) await wake.wait(Math.max(0, (inbox.dueAt(now) ?? now) - now));
    }
    takeCount();
  }

  /**
   * Once the feed has told what the count had, totals are those of the view, and of what the reader was told since. A count
   * that overflowed is never taken: the set begins anew.
   */
  function takeCount(): void {
    if (counting === undefined || counting.overflowed || metadata.feed.told < counting.sequence) return;
    selected = toldEarly.splice(0).reduce((totals, change) => addTotals(totals, change, selects), counting.found());
    counting = undefined;
  }

  async function* readAll(): AsyncGenerator<BlobEvent | undefined, void, undefined> {
    for await (const page of metadata.scan({ selection, order }, encoded ? "items" : "rows", signal)) {
      inbox.saw(page.sequence);
      if (page.encoded !== undefined) yield { kind: "encoded", items: page.encoded };
      else yield* told(page.rows);
    }
  }

  /** Nothing to tell is told too: it is at work. */
  function* told(rows: readonly BlobRow[]): Generator<BlobEvent | undefined, void, undefined> {
    for (const batch of inBatches(rows, timing)) yield { kind: "blobs", rows: batch };
    if (rows.length === 0) yield undefined;
  }

  /** Read what the window lacks. */
  async function* fill(into: Window): AsyncGenerator<BlobEvent | undefined, void, undefined> {
    while (into.missing > 0) {
      let atEnd = true;
      const from = into.place === undefined ? { after: start, including: true } : { after: into.place };
      const wanted = { selection, order, ...from };
      // Nothing is left out of a whole selection: the first page has what is missing, or nearly so.
      const local = selection.whole;
      const pages = local ? scan(metadata, { ...wanted, pageRows }) : metadata.scan(wanted, "rows", signal);
      for await (const page of pages) {
        inbox.saw(page.sequence);
        const taken = into.extend(page.rows, page.last);
        yield* told(taken);
        atEnd = into.missing > 0 && taken.length === page.rows.length;
        if (!atEnd) break;
      }
      if (atEnd) into.extend([], undefined);
    }
  }

  /** A window is as it was where nothing in it changed; where anything did, its few rows are told anew. */
  async function resume(from: number): Promise<AsyncIterable<BlobEvent | undefined> | undefined> {
    const logged = metadata.feed.log.blobsSince(from);
    using view = window && metadata.snapshot();
    const missed = logged && (await collectMissed(logged, { selection, most: timing.pendingKeys, signal }));
    if (missed === undefined || (window !== undefined && missed.length > 0)) return undefined;
    if (window !== undefined && view !== undefined) await refill(window, view);
    return tellMissed(missed);
  }

  /** Take the rows of a window in that its reader has. */
  async function refill(into: Window, view: Snapshot): Promise<void> {
    const held = { snapshot: () => ({ ...view, [Symbol.dispose]: () => undefined }) };
    for await (const page of scan(held, { selection, order, pageRows, after: start, including: true })) {
      into.extend(page.rows, page.last);
      if (into.missing === 0 || signal.aborted) return;
    }
    into.extend([], undefined);
  }

  async function* tellMissed(missed: readonly MissedRow[]): AsyncGenerator<BlobEvent | undefined, void, undefined> {
    const news = createBlobNews(timing);
    for (const { namespace, digest, row } of missed) {
      if (row !== undefined && selects(row)) news.put(row, true);
      else news.removed({ kind: "removed", namespace, digest, leftSelection: row !== undefined });
    }
    yield* news.events();
    yield* catchUp();
  }

  /** Tells that it is at work until that is done. */
  async function* settled(work: Promise<void>): AsyncGenerator<undefined, void, undefined> {
    let busy = true;
    const done = work.finally(() => {
      busy = false;
      wake.wake();
    });
    done.catch(() => {});
    while (busy) {
      yield undefined;
      await wake.wait(timing.heartbeatMs);
    }
    await done;
  }

  async function* changes(): AsyncGenerator<BlobEvent | undefined, void, undefined> {
    const taken = inbox.take(Date.now());
    if (taken.length === 0) return;
    yield* tell(taken);
    if (window !== undefined) yield* fill(window);
  }

  /** Everything is taken over before the first event leaves, so that totals and window stand for the same changes. */
  function tell(taken: readonly DigestChange[]): readonly BlobEvent[] {
    const news = createBlobNews(timing);
    takeCount();
    for (const change of taken) {
      whole = addTotals(whole, change, selection.covers);
      if (counting === undefined) selected = addTotals(selected, change, selects);
      else toldEarly.push(change);
      for (const namespace of change.touched) tellRow(news, change, namespace);
    }
    for (const row of window?.trim() ?? []) news.fell(row);
    return news.events();
  }

  function tellRow(news: BlobNews, change: DigestChange, namespace: string): void {
    const { digest } = change;
    const row = change.after.get(namespace);
    const held = window === undefined ? mayBeHeld(change, namespace) : window.holds(namespace, digest);
    const isSelected = row !== undefined && selects(row);
    if (!isSelected) window?.remove(namespace, digest);
    if (isSelected && (window?.put(row) ?? true)) news.put(row, held);
    else if (held) news.removed({ kind: "removed", namespace, digest, leftSelection: row !== undefined });
  }

  /** A change that a view had already may have been told as a row, whatever was before it. */
  function mayBeHeld(change: DigestChange, namespace: string): boolean {
    const before = change.before.get(namespace);
    return change.since <= inbox.seen || (before !== undefined && selects(before));
  }

  return {
    rows,
    resume,
    changes,
    get position() {
      return window !== undefined && window.missing > 0 ? undefined : inbox.position;
    },
    dueAt: () => inbox.dueAt(Date.now()),
    get overflowed() {
      return inbox.overflowed || (counting?.overflowed ?? false);
    },
    get settled() {
      return inbox.settled;
    },
    get totals(): { selected: Totals; whole: Totals } {
      return { selected: counting?.soFar ?? selected, whole };
    },
    [Symbol.dispose]() {
      inbox[Symbol.dispose]();
      counting?.[Symbol.dispose]();
    },
  };
}

/** What all later changes are added to. */
function beginTotals(
  metadata: Pick<Metadata, "snapshot">,
  { namespaces }: CompiledSelection,
): { since: number; whole: Totals } {
  using view = metadata.snapshot();
  return { since: view.sequence, whole: view.totals(namespaces) };
}
