import type { AuditEvent, AuditKept } from "../../content/audit.ts";
import type { ContentError } from "../../content/errors.ts";
import type { AuditPage } from "../../content/remote/audit.ts";
import type { ConnectionEvent } from "../../content/remote/events.ts";
import { eventKey } from "./audit-items.ts";
import type { CatalogEvent } from "./catalog-events.ts";
import { serverNow } from "./clock.ts";
import type { Link } from "./live-sets.ts";
import { addWaiting, isPaused, pauseStore } from "./pause.ts";
import { runStream } from "./run-stream.ts";
import type { Store } from "./store.ts";
import { createStore } from "./store.ts";

/** What a page wants to see of what was done. */
export interface EventQuery {
  readonly query: string;
  /** Names, or `["*"]`. */
  readonly namespaces: readonly string[];
}

/** An event as the page holds it. */
export interface EventRow {
  readonly key: string;
  readonly row: AuditEvent;
  /** When it came, in milliseconds since 1970; absent for one that was there when the page first looked. */
  readonly newAt?: number;
}

/** What a page shows of what was done. */
export interface EventsView {
  /** Newest first. */
  readonly rows: readonly EventRow[];
  /** What the rows answer; absent until any came. */
  readonly query?: EventQuery;
  readonly isComplete: boolean;
  /** There are older ones of the query than the last row. */
  readonly hasOlder: boolean;
  /** The page holds as many as it can. */
  readonly isFull: boolean;
  /** Events of the query, where older ones were asked for. */
  readonly total?: Pick<AuditPage, "total" | "isExact">;
  /** Everything that is kept, of whatever query; absent until the server told. */
  readonly whole?: number;
  readonly kept?: AuditKept;
  /** When the rows were last heard to be right. */
  readonly asOf?: Date;
  /** Why the server does not tell. */
  readonly error?: ContentError;
  /** Why older ones did not come. */
  readonly olderError?: ContentError;
}

/** Events of a query, followed, and older ones as they are asked for. */
export interface LiveEvents extends Store<EventsView> {
  /** Follow a query. @returns a function that ends it */
  show(query: EventQuery): () => void;
  /** Bring some older ones, where there are any and none are on their way. */
  older(): void;
  /** Ask anew after the server refused. */
  retry(): void;
}

/** Events that the server tells at first, those that are brought at a time, and those that a page holds at most. */
export const eventLimits = { window: 1000, page: 200, held: 11_000 } as const;

type FetchOlder = (query: EventQuery, before: number, size: number, signal: AbortSignal) => Promise<AuditPage>;

/** @param fetchOlder brings a page of events with smaller numbers than one */
export function createLiveEvents(link: Link, fetchOlder: FetchOlder): LiveEvents {
  const nothing: EventsView = { rows: [], isComplete: false, hasOlder: false, isFull: false };
  const store = createStore(nothing);
  const idle = { older: (): void => undefined, retry: (): void => undefined };
  let current = idle;

  function show(query: EventQuery): () => void {
    const held = createHeldEvents();
    const over = new AbortController();
    let error: ContentError | undefined;
    let facts: Pick<EventsView, "asOf" | "whole" | "kept" | "total" | "olderError"> = {};
    let isAsking = false;

    function publish(): void {
      if (isPaused() || over.signal.aborted) return;
      const { rows, isComplete, hasOlder } = held;
      // The rows of the query before stay until this one has an answer.
      if (!isComplete && rows.length === 0 && store.get().query !== query && error === undefined) return;
      const isFull = rows.length >= eventLimits.held;
      store.set({ rows, query, isComplete, hasOlder, isFull, ...facts, ...(error && { error }) });
    }

    async function older(): Promise<void> {
      const last = held.rows.at(-1);
      if (isAsking || !held.isComplete || !held.hasOlder || last === undefined) return;
      if (held.rows.length >= eventLimits.held) return;
      isAsking = true;
      const { olderError: _, ...others } = facts;
      facts = others;
      try {
        const { events, next, total, isExact } = await fetchOlder(query, last.row.id, eventLimits.page, over.signal);
        if (held.rows.at(-1) === last) held.append(events, next !== undefined);
        facts = { ...facts, total: { total, isExact } };
      } catch (thrown) {
        facts = { ...facts, olderError: thrown as ContentError };
      } finally {
        isAsking = false;
        publish();
      }
    }

    const run = () =>
      runStream<Exclude<CatalogEvent, ConnectionEvent>>(
        "Activity",
        (signal) => link.catalog("events", { selection: { ...query }, store: "" }, signal),
        {
          apply(events) {
            error = undefined;
            for (const event of events) {
              held.take(event, serverNow());
              facts = { ...facts, ...factsOf(event) };
            }
            addWaiting(events.filter(({ kind }) => kind === "items").length);
            publish();
          },
          fail(reason) {
            error = reason;
            publish();
          },
        },
      );
    let stop = run();
    current = {
      older: () => void older(),
      retry() {
        stop();
        error = undefined;
        publish();
        stop = run();
      },
    };
    const unlisten = pauseStore.subscribe(publish);
    return () => {
      over.abort();
      stop();
      unlisten();
      current = idle;
    };
  }

  return {
    get: store.get,
    subscribe: store.subscribe,
    show,
    older: () => current.older(),
    retry: () => current.retry(),
  };
}

function factsOf(event: Exclude<CatalogEvent, ConnectionEvent>): Pick<EventsView, "asOf" | "whole" | "kept"> {
  if (event.kind === "bookmark") return { asOf: event.serverTime, whole: event.wholeCount };
  if (event.kind !== "items") return {};
  const kept = event.items.find((item) => item.of === "kept");
  return kept?.of === "kept" ? { kept: kept.row } : {};
}

/** The events of a query that a page holds. */
interface HeldEvents {
  /** Newest first. */
  readonly rows: readonly EventRow[];
  readonly isComplete: boolean;
  readonly hasOlder: boolean;
  take(event: Exclude<CatalogEvent, ConnectionEvent>, nowMs: number): void;
  /** Older ones came. */
  append(events: readonly AuditEvent[], hasOlder: boolean): void;
}

/** None yet. What falls out of the server's window stays here: events do not change. */
export function createHeldEvents(): HeldEvents {
  let rows: readonly EventRow[] = [];
  let isComplete = false;
  let hasOlder = false;
  /** What the set that is being told has so far. */
  let told: EventRow[] | undefined;

  function complete(): void {
    if (told === undefined) return;
    const set = told;
    told = undefined;
    const isAll = set.length < eventLimits.window;
    const [newest] = rows;
    const isJoined = newest !== undefined && (set.at(-1)?.row.id ?? 0) <= newest.row.id;
    const before = isAll || !isJoined ? [] : rows;
    if (!isJoined || isAll) hasOlder = !isAll;
    const known = new Map(before.map((row) => [row.key, row]));
    const first = set.at(-1)?.row.id ?? 0;
    rows = [...set.map((row) => known.get(row.key) ?? row), ...before.filter(({ row }) => row.id < first)];
    isComplete = true;
  }

  return {
    get rows() {
      return rows.length === 0 && told !== undefined ? told : rows;
    },
    get isComplete() {
      return isComplete;
    },
    get hasOlder() {
      return hasOlder;
    },
    take(event, nowMs) {
      if (event.kind === "begin") told = [];
      if (event.kind === "bookmark" && event.complete) complete();
      if (event.kind !== "items") return;
      const events = event.items.flatMap((item) => (item.of === "events" ? [item.row] : []));
      const isNews = isComplete && told === undefined;
      const came = events
        .map((row): EventRow => ({ key: eventKey(row), row, ...(isNews && { newAt: nowMs }) }))
        .toSorted((a, b) => b.row.id - a.row.id);
      if (told !== undefined) told = [...told, ...came].toSorted((a, b) => b.row.id - a.row.id);
      else rows = [...came.filter(({ row }) => row.id > (rows[0]?.row.id ?? 0)), ...rows];
    },
    append(events, more) {
      rows = [...rows, ...events.map((row) => ({ key: eventKey(row), row }))];
      hasOlder = more;
    },
  };
}
