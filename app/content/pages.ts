import { createStore, type Store } from "../_live/store.ts";

/** Rows of a page, and pages that are kept at most. */
export const pageLimits = { rows: 200, pages: 50 } as const;

/** Rows by their place in a set, of which some are here. */
export interface PagesView<Row> {
  /** The row at a place, from 0; absent while it is not here. */
  readonly at: (place: number) => Row | undefined;
  /** The place of a row that is here; -1 for any other. */
  readonly placeOf: (key: string) => number;
  /** Rows of the whole set when these were read; absent before any was. */
  readonly total: number | undefined;
  /** False: the server has no pages. */
  readonly areServed: boolean;
}

/** A page as it was read. */
export interface ReadPage<Row> {
  readonly rows: readonly Row[];
  /** Rows of the whole set. */
  readonly total: number;
}

/** The pages of a set that are looked at. */
export interface Pages<Row> extends Store<PagesView<Row>> {
  /** Places that are looked at, `end` excluded; what is not here of them is fetched. None: `end` is not above `first`. */
  want(first: number, end: number): void;
  /** The set may have changed: what is looked at is fetched again, and what is shown stays until then. */
  refresh(): void;
  close(): void;
}

interface PagesOptions<Row> {
  /** @returns undefined where the server has no pages */
  readonly fetch: (skip: number, size: number, signal: AbortSignal) => Promise<ReadPage<Row> | undefined>;
  readonly keyOf: (row: Row) => string;
  /** Least time between two fetches, in milliseconds. */
  readonly pauseMs?: number;
  /** Least time between two fetches of the same pages, in milliseconds; also between tries. */
  readonly refreshMs?: number;
}

/** Pages of a set, fetched as they are looked at; those that were looked at longest ago are let go. */
export function createPages<Row>({ fetch, keyOf, pauseMs = 60, refreshMs = 2000 }: PagesOptions<Row>): Pages<Row> {
  const held = new Map<number, readonly Row[]>();
  const store = createStore<PagesView<Row>>(viewOf(held, keyOf, undefined, true));
  let wanted: readonly number[] = [];
  /** How often the set changed, and how often it had when what is held was asked for. */
  let changes = 0;
  let heldAt = 0;
  let fresh: { readonly pages: readonly number[]; readonly end: AbortController } | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let askedAt = Number.NEGATIVE_INFINITY;
  let loadedAt = Number.NEGATIVE_INFINITY;
  let isClosed = false;

  const isStale = () => held.size > 0 && heldAt < changes;

  function schedule(inMs: number): void {
    if (timer !== undefined || isClosed || !store.get().areServed) return;
    timer = setTimeout(() => {
      timer = undefined;
      void load();
    }, inMs);
  }

  async function load(): Promise<void> {
    const missing = wanted.filter((page) => !held.has(page));
    const [replaces, asOf] = [isStale(), changes];
    const pages = replaces ? wanted : missing;
    if (pages.length === 0 || isClosed) return;
    if (missing.every((page) => fresh?.pages.includes(page)) && missing.length > 0) return;
    fresh?.end.abort();
    const end = new AbortController();
    fresh = { pages, end };
    askedAt = Date.now();
    try {
      const size = pageLimits.rows;
      const answers = await Promise.all(pages.map((page) => fetch(page * size, size, end.signal)));
      if (end.signal.aborted) return;
      if (replaces) held.clear();
      if (held.size === 0) heldAt = asOf;
      take(pages, answers);
    } catch {
      if (!end.signal.aborted) schedule(refreshMs);
    } finally {
      if (fresh?.end === end) fresh = undefined;
    }
  }

  function take(pages: readonly number[], answers: readonly (ReadPage<Row> | undefined)[]): void {
    loadedAt = Date.now();
    for (const [index, page] of pages.entries()) {
      const answer = answers[index];
      if (answer !== undefined) held.set(page, answer.rows);
    }
    for (const page of held.keys()) if (held.size > pageLimits.pages && !wanted.includes(page)) held.delete(page);
    const areServed = !answers.includes(undefined);
    store.set(viewOf(held, keyOf, answers.at(-1)?.total, areServed));
    if (wanted.some((page) => !held.has(page))) schedule(pauseMs);
    else scheduleRefresh();
  }

  function scheduleRefresh(): void {
    if (isStale() && wanted.length > 0) schedule(Math.max(pauseMs, loadedAt + refreshMs - Date.now()));
  }

  /** The first look is answered at once, and the next ones not sooner than they may be. */
  function loadSoon(): void {
    const waitMs = askedAt + pauseMs - Date.now();
    if (waitMs > 0) schedule(waitMs);
    else if (timer === undefined && store.get().areServed) void load();
  }

  return {
    get: store.get,
    subscribe: store.subscribe,
    want(first, end) {
      const [from, to] = [Math.floor(first / pageLimits.rows), Math.ceil(end / pageLimits.rows)];
      wanted = Array.from({ length: end > first ? to - from : 0 }, (_, offset) => from + offset);
      for (const page of wanted) {
        const rows = held.get(page);
        if (rows === undefined) continue;
        held.delete(page);
        held.set(page, rows);
      }
      if (wanted.some((page) => !held.has(page))) loadSoon();
      else if (isStale() && wanted.length > 0) schedule(pauseMs);
    },
    refresh() {
      changes += 1;
      scheduleRefresh();
    },
    close() {
      isClosed = true;
      clearTimeout(timer);
      fresh?.end.abort();
    },
  };
}

function viewOf<Row>(
  held: ReadonlyMap<number, readonly Row[]>,
  keyOf: (row: Row) => string,
  total: number | undefined,
  areServed: boolean,
): PagesView<Row> {
  const pages = new Map(held);
  let places: Map<string, number> | undefined;
  return {
    total,
    areServed,
    at: (place) => pages.get(Math.floor(place / pageLimits.rows))?.[place % pageLimits.rows],
    placeOf(key) {
      places ??= placesOf(pages, keyOf);
      return places.get(key) ?? -1;
    },
  };
}

function placesOf<Row>(pages: ReadonlyMap<number, readonly Row[]>, keyOf: (row: Row) => string): Map<string, number> {
  const places = new Map<string, number>();
  for (const [page, rows] of pages) {
    for (const [index, row] of rows.entries()) places.set(keyOf(row), page * pageLimits.rows + index);
  }
  return places;
}
