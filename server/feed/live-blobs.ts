import type { Metadata, Order, Totals } from "../metadata/metadata.ts";
import { openBlobInbox } from "./blob-inbox.ts";
import type { BlobRow } from "./change.ts";
import type { DigestChange } from "./digest-change.ts";
import { addTotals } from "./digest-change.ts";
import type { BlobEvent } from "./events.ts";
import type { LiveSet } from "./live-set.ts";
import type { Count } from "./scan.ts";
import { scan, startCount } from "./scan.ts";
import type { CompiledSelection } from "./selection.ts";
import type { FeedTiming } from "./timing.ts";
import type { Wake } from "./wake.ts";
import type { Window } from "./window.ts";
import { createWindow, rowKey } from "./window.ts";

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
  const begun = beginCount(metadata, selection, pageRows, signal);
  let { whole, count } = begun;
  let selected = whole;
  // Nothing can be told between the view and this line: both are of one turn.
  const inbox = openBlobInbox(metadata.feed, selection, { ...begun, minIntervalMs, timing, wake: wake.wake });
  const window = limit > 0 ? createWindow(order, limit) : undefined;

  async function* rows(): AsyncGenerator<BlobEvent | undefined, void, undefined> {
    yield* window === undefined ? readAll() : fill(window);
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
    const news = createNews(batchRows);
    for (const change of taken) {
      whole = addTotals(whole, change, selection.covers);
      selected = addTotals(selected, change, selection.selectsBlob);
      for (const namespace of change.touched) tellRow(news, change, namespace);
    }
    for (const row of window?.trim() ?? []) news.fell(row);
    return news.events();
  }

  function tellRow(news: News, change: DigestChange, namespace: string): void {
    const { digest } = change;
    const row = change.after.get(namespace);
    const held = window === undefined ? mayBeHeld(change, namespace) : window.holds(namespace, digest);
    const isSelected = row !== undefined && selection.selectsBlob(row);
    if (!isSelected) window?.remove(namespace, digest);
    if (isSelected && (window?.put(row) ?? true)) news.put(row, held);
    else if (held) news.removed({ kind: "removed", namespace, digest, leftSelection: row !== undefined });
  }

  /** A change that a view had already may have been told as a row, whatever was before it. */
  function mayBeHeld(change: DigestChange, namespace: string): boolean {
    const before = change.before.get(namespace);
    return change.since <= inbox.seen || (before !== undefined && selection.selectsBlob(before));
  }

  return {
    rows,
    changes,
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

/** What a reader is told of some changes, one event a row. */
interface News {
  /** @param held the reader has an older state of the row */
  put(row: BlobRow, held: boolean): void;
  removed(event: BlobEvent & { readonly kind: "removed" }): void;
  /** A row is no longer inside the window. */
  fell(row: BlobRow): void;
  events(): readonly BlobEvent[];
}

function createNews(batchRows: number): News {
  const rows = new Map<string, BlobRow>();
  const removals: BlobEvent[] = [];
  const unheld = new Set<string>();
  return {
    put(row, held) {
      const name = rowKey(row.namespace, row.info.digest);
      rows.set(name, row);
      if (!held) unheld.add(name);
    },
    removed(event) {
      removals.push(event);
    },
    fell({ namespace, info: { digest } }) {
      const name = rowKey(namespace, digest);
      rows.delete(name);
      if (!unheld.has(name)) removals.push({ kind: "removed", namespace, digest, leftSelection: true });
    },
    events() {
      const all = [...rows.values()];
      const batches: BlobEvent[] = [];
      for (let from = 0; from < all.length; from += batchRows) {
        batches.push({ kind: "blobs", rows: all.slice(from, from + batchRows) });
      }
      return [...removals, ...batches];
    },
  };
}
