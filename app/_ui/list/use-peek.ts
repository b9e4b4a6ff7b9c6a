"use client";
import { useCallback, useRef, useState } from "react";
import { useShortcut } from "../shortcuts.ts";
import type { RowSource } from "./row-source.ts";

/** A panel beside a list, about one of its rows. */
export interface PeekOfRow<Row> {
  /** The row as it is now, or as it was when it was last here; absent: there is no panel. */
  readonly row: Row | undefined;
  readonly key: string | undefined;
  /** Show a row. @returns false when it is shown already, and where there is no room for a panel */
  readonly open: (row: Row) => boolean;
  /** The cursor is on another row: an open panel goes along. */
  readonly follow: (row: Row) => void;
  /** @returns true when the key closed it */
  readonly onKey: (key: string) => boolean;
  readonly close: () => void;
}

/** Where a panel has no room beside the list or over it, in pixels of the page. */
const leastWidth = 768;

/** Keeps which row the panel is about. */
export function usePeek<Row extends { readonly key: string }>(rows: RowSource<Row>): PeekOfRow<Row> {
  const [peeked, setPeeked] = useState<Row>();
  const latest = useRef(peeked);
  latest.current = peeked;
  const key = peeked?.key;
  const index = key === undefined ? -1 : rows.indexOf(key);

  const open = useCallback((row: Row) => {
    if (latest.current?.key === row.key || window.innerWidth < leastWidth) return false;
    setPeeked(row);
    return true;
  }, []);
  const follow = useCallback((row: Row) => setPeeked((before) => before && row), []);
  const close = useCallback(() => setPeeked(undefined), []);
  const onKey = useCallback((pressed: string) => {
    if (pressed !== "Escape" || latest.current === undefined) return false;
    setPeeked(undefined);
    return true;
  }, []);
  useShortcut("Escape", "Close the panel", "Rows", close);
  return { row: index >= 0 ? rows.at(index) : peeked, key, open, follow, onKey, close };
}
