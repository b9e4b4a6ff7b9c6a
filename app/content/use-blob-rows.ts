"use client";
import { useCallback, useEffect, useMemo, useState } from "react";
import { compareBy, parseOrder } from "../../content/order.ts";
import { getBlobPage } from "../../content/remote/pages.ts";
import type { BlobQuery, BlobRow, BlobsView } from "../_live/blobs.ts";
import { streamsStore } from "../_live/connection.ts";
import { useStore } from "../_live/hooks.ts";
import { blobKey } from "../_live/keys.ts";
import { serverTransport } from "../_live/link.ts";
import { allRows, type RowSource } from "../_ui/list/row-source.ts";
import { fallenRows, mendedByPages, placesBehind } from "./fallen-rows.ts";
import { createPages, type Pages, type PagesView } from "./pages.ts";

/** Rows beyond each end of the sight that are fetched too. */
const margin = 60;

/** All rows of a query: those of the live window, and behind them any by its place. */
export interface BlobRows {
  readonly rows: RowSource<BlobRow>;
  /** True where every row can be reached; false: the window is all that there is to see. */
  readonly isWhole: boolean;
  readonly onSight: (first: number, end: number) => void;
}

/** All rows of a query. @param view what is live of it */
export function useBlobRows(query: BlobQuery, view: BlobsView): BlobRows {
  const pages = usePages(query);
  const behind = useStore(pages);
  const hasStream = useStore(streamsStore).some(({ source }) => source === "stream");
  const isCounted = view.isComplete || view.isReordered;
  const canPage = hasStream && behind.areServed && view.query === query && isCounted;
  const total = canPage ? view.totals?.count : undefined;
  const window = useMemo(() => allRows(view.rows, keyOf), [view.rows]);
  const fallen = useFallen(view.query, view.rows, behind);
  const rows = useMemo(
    () => joinRows(window, view.rows, fallen, behind, total),
    [window, view.rows, fallen, behind, total],
  );
  const [size, gone] = [window.count, goneOf(view.rows)];

  useEffect(() => {
    if (view.rows.length > 0) pages.refresh();
  }, [pages, view.rows]);
  const onSight = useCallback(
    (first: number, end: number) => {
      if (total === undefined) return;
      const from = Math.max(size, first - margin);
      pages.want(from - gone, Math.max(from, Math.min(end + margin, total + gone)) - gone);
    },
    [pages, size, gone, total],
  );
  const isAllHere = view.totals !== undefined && view.totals.count <= size;
  return { rows, isWhole: total !== undefined || isAllHere, onSight };
}

function usePages(query: BlobQuery): Pages<BlobRow> {
  const [made, setMade] = useState(() => ({ query, pages: pagesOf(query) }));
  const current = made.query === query ? made : { query, pages: pagesOf(query) };
  if (current !== made) setMade(current);
  useEffect(() => () => current.pages.close(), [current.pages]);
  return current.pages;
}

function pagesOf({ selection, orderBy }: BlobQuery): Pages<BlobRow> {
  return createPages<BlobRow>({
    keyOf,
    async fetch(skip, size, signal) {
      const page = await getBlobPage(serverTransport(), { selection, orderBy, skip, size }, signal);
      return page && { rows: page.blobs.map((row) => ({ key: blobKey(row), row })), total: page.count };
    },
  });
}

/** Rows of the window that are gone have no place in the set, and move what is behind them down. */
function goneOf(rows: readonly BlobRow[]): number {
  return rows.filter(({ goneAt }) => goneAt !== undefined).length;
}

/** The rows that were pushed out of the window. @param query what the window answers */
function useFallen(
  query: BlobQuery | undefined,
  window: readonly BlobRow[],
  behind: PagesView<BlobRow>,
): readonly BlobRow[] {
  const [memory, setMemory] = useState({ query, window, behind, fallen: [] as readonly BlobRow[] });
  if (memory.window === window && memory.behind === behind && memory.query === query) return memory.fallen;
  const compare = compareBy(parseOrder(query?.orderBy ?? ""));
  const pushed = memory.query === query ? fallenRows(memory, window, compare) : [];
  const fallen = memory.behind === behind ? pushed : mendedByPages({ window, fallen: pushed }, behind);
  setMemory({ query, window, behind, fallen });
  return fallen;
}

/**
 * The window, what fell out of it, and the pages. Rows that came since the pages were read are taken as come before them: what
 * is read then stays where it is, and the pages come anew soon.
 */
function joinRows(
  window: RowSource<BlobRow>,
  live: readonly BlobRow[],
  fallen: readonly BlobRow[],
  behind: PagesView<BlobRow>,
  total: number | undefined,
): RowSource<BlobRow> {
  if (total === undefined) return window;
  const gone = goneOf(live);
  const shift = gone + (behind.total === undefined ? 0 : total - behind.total);
  const pagedIndexOf = (key: string) => {
    const place = behind.placeOf(key);
    return place < 0 ? -1 : place + shift;
  };
  const indexes = placesBehind(fallen, window.count, pagedIndexOf);
  const places = new Map(fallen.map(({ key }, number) => [key, indexes[number]]));
  const rows = new Map(fallen.map((row, number) => [indexes[number], row]));
  /** A page is of another moment: a row of it that is elsewhere by now is not there too. */
  const pagedAt = (index: number) => {
    const row = behind.at(index - shift);
    return row === undefined || places.has(row.key) || window.indexOf(row.key) >= 0 ? undefined : row;
  };
  const at = (index: number) => (index < window.count ? window.at(index) : (rows.get(index) ?? pagedAt(index)));
  return {
    // What is counted lags behind what came.
    count: Math.max(window.count, (indexes.at(-1) ?? -1) + 1, total + gone),
    at,
    keyAt: (index) => at(index)?.key,
    indexOf(key) {
      const index = window.indexOf(key);
      if (index >= 0) return index;
      const paged = pagedIndexOf(key);
      return places.get(key) ?? (paged >= window.count ? paged : -1);
    },
  };
}

const keyOf = ({ key }: BlobRow) => key;
