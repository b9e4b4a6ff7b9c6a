"use client";
import { useEffect, useMemo } from "react";
import type { ReportPage } from "../../content/compare/report.ts";
import { isKind } from "../../content/errors.ts";
import { useStore } from "../_live/hooks.ts";
import type { RowSource } from "../_ui/list/row-source.ts";
import { createPages, type PagesView } from "../content/pages.ts";
import { compareAgain } from "./comparison.ts";

/** Rows beyond each end of the sight that are fetched too. */
const margin = 60;

interface ReportRows<Row> {
  readonly rows: RowSource<Row>;
  readonly onSight: (first: number, end: number) => void;
  /** The first rows are not here yet. */
  readonly isLoading: boolean;
}

/**
 * The rows of a report, fetched as they are looked at. Where the server does not keep it any more, it is made anew.
 *
 * @param read the same function for the same rows
 * @param total how many there are
 */
export function useReportRows<Row>(
  read: (skip: number, size: number, signal: AbortSignal) => Promise<ReportPage<Row>>,
  keyOf: (row: Row) => string,
  total: number,
): ReportRows<Row> {
  const pages = useMemo(() => createPages<Row>({ keyOf, fetch: toldOf(read) }), [read, keyOf]);
  useEffect(() => () => pages.close(), [pages]);
  const view = useStore(pages);
  const rows = useMemo(() => sourceOf(view, keyOf, total), [view, keyOf, total]);
  useEffect(() => pages.want(0, Math.min(total, margin)), [pages, total]);
  return {
    rows,
    onSight: (first, end) => pages.want(Math.max(0, first - margin), Math.min(total, end + margin)),
    isLoading: total > 0 && view.total === undefined,
  };
}

function toldOf<Row>(read: (skip: number, size: number, signal: AbortSignal) => Promise<ReportPage<Row>>) {
  return async (skip: number, size: number, signal: AbortSignal) => {
    try {
      return await read(skip, size, signal);
    } catch (error) {
      if (isKind(error, "not-found") && !signal.aborted) compareAgain();
      throw error;
    }
  };
}

function sourceOf<Row>(view: PagesView<Row>, keyOf: (row: Row) => string, total: number): RowSource<Row> {
  return {
    count: view.total === undefined ? 0 : total,
    at: view.at,
    keyAt(index) {
      const row = view.at(index);
      return row === undefined ? undefined : keyOf(row);
    },
    indexOf: view.placeOf,
  };
}
