"use client";
import type { KeyboardEvent, RefObject } from "react";
import { useCallback, useLayoutEffect, useRef, useState } from "react";
import { meantBy } from "../../_settings/keys.ts";
import { cursorAfterLoss, moveCursor } from "./list-keys.ts";
import type { RowSource } from "./row-source.ts";

interface CursorOptions {
  readonly rows: RowSource<unknown>;
  readonly grid: RefObject<HTMLElement | null>;
  readonly rowHeight: number;
  readonly isPassed: (index: number) => boolean;
  readonly reveal: (index: number) => void;
}

/** The cursor of a list: the one row that Tab reaches. It belongs to a row, not to a place. */
export interface Cursor {
  /** Row of the cursor, from 0; -1 in an empty list. */
  readonly index: number;
  /** Key of the row that somebody put it on; absent: nobody did. */
  readonly key: string | undefined;
  readonly set: (key: string) => void;
  /** Put the cursor, and the focus, on the row at a place, whether it is here or not. */
  readonly moveTo: (index: number) => void;
  /** The place that a key moves it to; absent for a key that does not. */
  readonly indexOfKey: (event: KeyboardEvent) => number | undefined;
}

/** Keeps the cursor on its row while rows come and go, and the focus with it. */
export function useCursor({ rows, grid, rowHeight, isPassed, reveal }: CursorOptions): Cursor {
  const [cursor, setCursor] = useState<{ readonly key?: string }>({});
  const lastIndex = useRef(0);
  const wantsFocus = useRef(false);
  const found = cursor.key === undefined ? -1 : rows.indexOf(cursor.key);
  const index = found >= 0 ? found : cursorAfterLoss(lastIndex.current, rows.count);

  useLayoutEffect(() => {
    lastIndex.current = Math.max(0, index);
    if (!wantsFocus.current || index < 0) return;
    const row = grid.current?.querySelector<HTMLElement>(`[role="row"][aria-rowindex="${index + 2}"]`);
    if (!row) return;
    wantsFocus.current = false;
    row.focus({ preventScroll: true });
  });

  // A row that goes takes the focus with it, and the page would begin anew at its top. The focus moves without new
  // rows, so this looks after every change.
  useLayoutEffect(() => {
    const element = grid.current;
    if (element === null || rows.count === 0) return;
    const hadFocus = element.contains(document.activeElement);
    return () => {
      wantsFocus.current ||= hadFocus && document.activeElement === document.body;
    };
  });

  const moveTo = useCallback(
    (next: number) => {
      const key = rows.keyAt(next);
      wantsFocus.current = true;
      lastIndex.current = next;
      setCursor(key === undefined ? {} : { key });
      reveal(next);
    },
    [rows, reveal],
  );

  const indexOfKey = useCallback(
    (event: KeyboardEvent): number | undefined => {
      if (event.ctrlKey || event.metaKey || event.altKey) return undefined;
      const page = Math.floor((grid.current?.clientHeight ?? 0) / rowHeight);
      return moveCursor(meantBy(event.key), { index, count: rows.count, page, isPassed });
    },
    [grid, rowHeight, index, rows.count, isPassed],
  );

  const set = useCallback((key: string) => setCursor({ key }), []);
  return { index, key: cursor.key, set, moveTo, indexOfKey };
}
