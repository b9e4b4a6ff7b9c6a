import type { ContentError } from "../../content/errors.ts";
import { compareBy, parseOrder } from "../../content/order.ts";
import type { Blob, BlobEvent, ConnectionEvent, Selection } from "../../content/remote/events.ts";
import { serverNow } from "./clock.ts";
import type { HeldRow, HeldSet } from "./held-set.ts";
import { createHeldSet, goneRowMs } from "./held-set.ts";
import { hereStore, storeHere } from "./here.ts";
import { blobKey } from "./keys.ts";
import type { Link } from "./live-sets.ts";
import { addWaiting, isPaused, pauseStore } from "./pause.ts";
import { runStream } from "./run-stream.ts";
import type { Store } from "./store.ts";
import { createStore } from "./store.ts";
import type { Totals } from "./totals.ts";
import { totalsOf } from "./totals.ts";

/** What a page wants to see of the blobs. */
export interface BlobQuery {
  readonly selection: Selection;
  /** As ListRequest.order_by. */
  readonly orderBy: string;
  /** First rows in that order. */
  readonly limit: number;
  /** Another number: the same question, asked again; 0 at first. */
  readonly tries: number;
}

export type BlobRow = HeldRow<Blob, never>;

/** What a page shows of the blobs. */
export interface BlobsView {
  readonly rows: readonly BlobRow[];
  /** What the rows answer; absent until any came. */
  readonly query?: BlobQuery;
  /** The rows are the whole answer. */
  readonly isComplete: boolean;
  /** Absent until the server told them. */
  readonly totals?: Totals;
  /** When the rows were last heard to be right. */
  readonly asOf?: Date;
  /** The set was shown in another order before: its totals are those, until they are told anew. */
  readonly isReordered?: boolean;
  /** Another query was asked and is not answered yet. */
  readonly isPending: boolean;
  /** Why the query that was asked cannot be answered; the rows are those of the one before. */
  readonly error?: ContentError;
}

/** The blobs of a query, followed. */
export interface LiveBlobs extends Store<BlobsView> {
  /** Follow another query, of the page's store. The rows of the last one stay until this one is answered. @returns a function that ends it */
  show(query: BlobQuery): () => void;
}

/** So long a query that is not answered whole is waited for, in milliseconds; then the rows that came are shown as they come. */
const partialMs = 300;

/** So many of the first rows fill any screen: they take the place of the last query's at once. */
const firstRows = 100;

/** One set of blobs, of one query after another. @param name for people */
export function createLiveBlobs(name: string, link: Link): LiveBlobs {
  const nothing: BlobsView = { rows: [], isComplete: false, isPending: true };
  const store = createStore(nothing);
  hereStore.subscribe(() => store.set(nothing));

  function show(query: BlobQuery): () => void {
    const question = { ...query, store: storeHere() };
    const held = createHeldSet<Blob>(blobKey);
    const compare = compareBy(parseOrder(query.orderBy));
    let totals: Totals | undefined;
    let asOf: Date | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isPartShown = false;
    const partTimer = setTimeout(() => {
      isPartShown = true;
      publish();
    }, partialMs);
    store.set({ ...withoutError(store.get()), isPending: true });

    function publish(): void {
      if (isPaused()) return;
      const shown = store.get();
      const here = held.rows();
      const isFirst = shown.query !== query && (shown.rows.length === 0 || here.length >= firstRows);
      if (!held.isComplete && !((isPartShown || isFirst) && here.length > 0)) return;
      const rows = here.toSorted((a, b) => compare(a.row, b.row));
      const known = totals === undefined && !held.isComplete ? totalsBefore(shown, query) : undefined;
      const facts = {
        ...(totals && { totals }),
        ...(known && { totals: known, isReordered: true }),
        ...(asOf && { asOf }),
      };
      store.set({ rows, query, isComplete: held.isComplete, isPending: false, ...facts });
      clearTimeout(timer);
      if (held.gone > 0) timer = setTimeout(tidy, goneRowMs / 5);
    }

    function tidy(): void {
      held.prune(serverNow());
      publish();
    }

    const stop = runStream<Exclude<BlobEvent, ConnectionEvent>>(name, (...asked) => link.blobs(question, ...asked), {
      apply(events) {
        for (const event of events) {
          applyBlobEvent(held, event, serverNow(), { compare, limit: query.limit });
          if (event.kind !== "bookmark") continue;
          totals = totalsOf(event);
          asOf = event.serverTime;
        }
        addWaiting(events.filter(({ kind }) => kind === "blobs" || kind === "removed").length);
        publish();
      },
      fail(error) {
        store.set({ ...store.get(), isPending: false, error });
      },
      held: addWaiting,
    });
    const unlisten = pauseStore.subscribe(publish);
    return () => {
      stop();
      unlisten();
      clearTimeout(timer);
      clearTimeout(partTimer);
    };
  }

  return { get: store.get, subscribe: store.subscribe, show };
}

/** The totals of the same set in another order; absent: another set is shown, or they are not known. */
function totalsBefore({ query, totals }: BlobsView, { selection }: BlobQuery): Totals | undefined {
  return query && JSON.stringify(query.selection) === JSON.stringify(selection) ? totals : undefined;
}

/** The window that is followed: its order, and how many rows it has at most. */
export interface BlobWindow {
  readonly compare: (a: Blob, b: Blob) => number;
  readonly limit: number;
}

/** What an event does to the rows that are held. */
export function applyBlobEvent(
  held: HeldSet<Blob, never>,
  event: Exclude<BlobEvent, ConnectionEvent>,
  nowMs: number,
  { compare, limit }: BlobWindow,
): void {
  switch (event.kind) {
    case "begin":
      return held.begin();
    case "blobs":
      return held.put(event.blobs, nowMs);
    case "removed": {
      const key = `${event.namespace} ${event.digest}`;
      return event.leftSelection ? held.drop(key) : held.remove(key, nowMs);
    }
    case "bookmark":
      if (event.complete) held.complete(nowMs, event.count > limit ? compare : undefined);
  }
}

function withoutError({ error: _, ...view }: BlobsView): BlobsView {
  return view;
}
