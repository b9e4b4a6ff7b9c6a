import type { Metadata, Order, Snapshot, Totals } from "../metadata/metadata.ts";
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
import type { Count } from "./scan.ts";
import { scan, startCount } from "./scan.ts";
import type { CompiledSelection } from "./selection.ts";
import type { FeedTiming } from "./timing.ts";
import type { Wake } from "./wake.ts";
import type { Window } from "./window.ts";
import { createWindow } from "./window.ts";

/** Which blobs a reader follows, and how. */
export interface BlobQuery {
  readonly selection: CompiledSelection;
  readonly order: Order;
  /** The first so many rows; 0: all. */
  readonly limit: number;
  /** Least milliseconds between two events of a digest. */
  readonly minIntervalMs: number;
}

/**
 * The blobs of a query, live.
 *
 * It holds the changes that the reader has not been told, and of a window its rows without labels; of a whole set it holds
 * no row. Totals are counted once and then follow the changes that are told.
 */
export function openLiveBlobs(
  metadata: Pick<Metadata, "feed" | "snapshot">,
  query: BlobQuery,
  timing: FeedTiming,
  wake: Wake,
  signal: AbortSignal,
): LiveSet<BlobEvent> {
  const { selection, order, limit, minIntervalMs } = query;
  const { batchRows, pageRows } = timing;
  const selects = selection.whole ? selection.covers : selection.selectsBlob;
  const begun = beginCount(metadata, selection, pageRows, signal);
  let { whole, count } = begun;
  let selected = whole;
  // Nothing can be told between the view and this line: both are of one turn.
  const inbox = openBlobInbox(metadata.feed, selection, { ...begun, minIntervalMs, timing, wake: wake.wake });
  const window = limit > 0 ? createWindow(order, limit) : undefined;

  async function* rows(): AsyncGenerator<BlobEvent | undefined, void, undefined> {
    yield* window === undefined ? readAll() : fill(window);
    yield* catchUp();
  }

  /** Until the totals are counted, and every change is heard that the rows had already. */
  async function* catchUp(): AsyncGenerator<BlobEvent | undefined, void, undefined> {
    if (count !== undefined) {
      yield* settled(count.done);
      selected = count.totals;
      count = undefined;
    }
    while (!inbox.settled) {
      yield* changes();
      yield undefined;
      const now = Date.now();
      if (!inbox.settled) await wake.wait(Math.max(0, (inbox.dueAt(now) ?? now) - now));
    }
  }

  async function* readAll(): AsyncGenerator<BlobEvent | undefined, void, undefined> {
    for await (const page of scan(metadata, { selection, order, pageRows })) {
      inbox.saw(page.sequence);
      yield rowsEvent(page.rows);
    }
  }

  /** Read what the window lacks. */
  async function* fill(into: Window): AsyncGenerator<BlobEvent | undefined, void, undefined> {
    while (into.missing > 0) {
      let atEnd = true;
      for await (const page of scan(metadata, { selection, order, pageRows, after: into.place })) {
        inbox.saw(page.sequence);
        const taken = into.extend(page.rows, page.last);
        yield rowsEvent(taken);
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
    for await (const page of scan(held, { selection, order, pageRows })) {
      into.extend(page.rows, page.last);
      if (into.missing === 0 || signal.aborted) return;
    }
    into.extend([], undefined);
  }

  async function* tellMissed(missed: readonly MissedRow[]): AsyncGenerator<BlobEvent | undefined, void, undefined> {
    const news = createBlobNews(batchRows);
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
    const news = createBlobNews(batchRows);
    for (const change of taken) {
      whole = addTotals(whole, change, selection.covers);
      selected = addTotals(selected, change, selects);
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
      return inbox.overflowed;
    },
    get settled() {
      return inbox.settled;
    },
    get totals(): { selected: Totals; whole: Totals } {
      return { selected: count?.totals ?? selected, whole };
    },
    [Symbol.dispose]: () => inbox[Symbol.dispose](),
  };
}

/** What all later changes are added to. The count of what filters let through is under way when this returns. */
function beginCount(
  metadata: Pick<Metadata, "feed" | "snapshot">,
  selection: CompiledSelection,
  pageRows: number,
  signal: AbortSignal,
): { since: number; whole: Totals; count: Count | undefined } {
  using held = new DisposableStack();
  const view = held.use(metadata.snapshot());
  const facts = { since: view.sequence, whole: view.totals(selection.namespaces) };
  if (selection.whole) return { ...facts, count: undefined };
  held.move();
  return { ...facts, count: startCount(view, { selection, pageRows }, signal) };
}

function rowsEvent(rows: readonly BlobRow[]): BlobEvent | undefined {
  return rows.length > 0 ? { kind: "blobs", rows } : undefined;
}
