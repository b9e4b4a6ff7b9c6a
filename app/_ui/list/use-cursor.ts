"use client";
import type { KeyboardEvent, RefObject } from "react";
import { useCallback, useLayoutEffect, useRef, useState } from "react";
import { cursorAfterLoss, moveCursor } from "./list-keys.ts";

interface CursorOptions {
  readonly keys: readonly string[];
  readonly grid: RefObject<HTMLElement | null>;
  readonly rowHeight: number;
  readonly isPassed: (index: number) => boolean;
  readonly scrollTo: (index: number) => void;
}

/** The cursor of a list: the one row that Tab reaches. It belongs to a row, not to a place. */
export interface Cursor {
  /** Row of the cursor, from 0; -1 in an empty list. */
  readonly index: number;
  readonly set: (key: string) => void;
  /** @returns true when the key moved it */
  readonly onKey: (event: KeyboardEvent) => boolean;
}

/** Keeps the cursor on its row while rows come and go, and the focus with it. */
export function useCursor({ keys, grid, rowHeight, isPassed, scrollTo }: CursorOptions): Cursor {
  const [cursor, setCursor] = useState<string>();
  const lastIndex = useRef(0);
  const wantsFocus = useRef(false);
  const found = cursor === undefined ? -1 : keys.indexOf(cursor);
  const index = found >= 0 ? found : cursorAfterLoss(lastIndex.current, keys.length);

  useLayoutEffect(() => {
    lastIndex.current = Math.max(0, index);
    const key = keys[index];
    if (!wantsFocus.current || key === undefined) return;
    const row = grid.current?.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`);
    if (!row) return;
    wantsFocus.current = false;
    row.focus({ preventScroll: true });
  });

  // A row that goes takes the focus with it, and the page would begin anew at its top.
  useLayoutEffect(() => {
    const element = grid.current;
    if (element === null) return;
    const hadFocus = element.contains(document.activeElement);
    return () => {
      wantsFocus.current ||= hadFocus && document.activeElement === document.body;
    };
  }, [grid, keys]);

  const onKey = useCallback(
    (event: KeyboardEvent): boolean => {
      if (event.ctrlKey || event.metaKey || event.altKey) return false;
      const page = Math.floor((grid.current?.clientHeight ?? 0) / rowHeight);
      const next = moveCursor(event.key, { index, count: keys.length, page, isPassed });
      const key = next === undefined ? undefined : keys[next];
      if (next === undefined || key === undefined) return false;
      wantsFocus.current = true;
      setCursor(key);
      scrollTo(next);
      return true;
    },
    [grid, rowHeight, index, keys, isPassed, scrollTo],
  );

  return { index, set: setCursor, onKey };
}
