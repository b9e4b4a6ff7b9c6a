"use client";
import { useRouter } from "next/navigation";
import type { KeyboardEvent } from "react";
import { useCallback, useEffect, useRef } from "react";
import { endsSequence } from "../shortcuts.ts";
import type { ListProps } from "./list-props.ts";
import { selectByKey } from "./list-selection.ts";
import type { RowSource } from "./row-source.ts";
import { useAnchor } from "./use-anchor.ts";
import { useCursor } from "./use-cursor.ts";
import { useNarrow } from "./use-narrow.ts";
import { useScroll } from "./use-scroll.ts";

/** Heights in pixels of rows, cards and the header, as tokens.css has them. */
const heights = { row: 32, card: 64, head: 32 } as const;

/** Rows that are drawn beyond each end of the sight. */
const overscan = 8;

/** Where a list is scrolled to, where its cursor is, and what its keys do. */
export function useListView<Row>(props: ListProps<Row>) {
  const { rows, newAtOf, hrefOf, headingOf, onRowKey, selection, onPeek, onCursorRow, onSight, identity } = props;
  const grid = useRef<HTMLDivElement>(null);
  const isNarrow = useNarrow();
  const rowHeight = isNarrow ? heights.card : heights.row;
  const scroll = useScroll({ grid, count: rows.count, rowHeight, headHeight: isNarrow ? 0 : heights.head });
  const { first, end } = scroll.sight;

  const isPassed = useCallback(
    (index: number) => {
      const row = rows.at(index);
      return row !== undefined && headingOf?.(row) !== undefined;
    },
    [rows, headingOf],
  );
  const cursor = useCursor({ rows, grid, rowHeight, isPassed, reveal: scroll.reveal });
  const anchor = useAnchor({ rows, scroll, rowHeight, identity, newAtOf });
  const open = useOpen(rows, onPeek);

  useEffect(() => onSight?.(first, end), [onSight, first, end]);
  useCursorRow(rows, cursor.index, onCursorRow);

  const choose = useCallback(
    (index: number, isRange: boolean) => (isRange ? selection?.extend(index) : selection?.toggle(index)),
    [selection],
  );

  function onScroll(): void {
    scroll.onScroll();
    anchor.onScroll();
  }

  function onKeyDown(event: KeyboardEvent<HTMLElement>): void {
    const { target } = event;
    const row = rows.at(cursor.index);
    if (endsSequence(event)) return;
    if (!(target instanceof HTMLElement) || target.getAttribute("role") !== "row") return;
    const href = row && hrefOf?.(row);
    const isOpened = event.key === "Enter" && row !== undefined && (href !== undefined || onPeek !== undefined);
    if (isOpened) open(cursor.index, href, event.metaKey || event.ctrlKey);
    else if (!runKey(event, row, target)) return;
    event.preventDefault();
    event.stopPropagation();
  }

  function runKey(event: KeyboardEvent, row: Row | undefined, element: HTMLElement): boolean {
    if (selection && selectByKey(event, cursor.index, selection)) return true;
    if (cursor.onKey(event)) return true;
    if (row === undefined || event.ctrlKey || event.metaKey || event.altKey) return false;
    return onRowKey?.(event.key, row, element) ?? false;
  }

  const isInSight = cursor.index >= first && cursor.index < end;
  return {
    grid,
    anchor,
    rowHeight,
    onScroll,
    onKeyDown,
    open,
    choose,
    indexes: indexesOf(first, end, rows.count, cursor.index),
    shift: scroll.sight.shift,
    spaceHeight: scroll.spaceHeight,
    cursorIndex: cursor.index,
    setCursor: cursor.set,
    moveTo: cursor.moveTo,
    /** The row that the strip names: the cursor's, or the first in sight where that is elsewhere. */
    placeIndex: isInSight ? cursor.index : Math.min(first, rows.count - 1),
  };
}

/** What useListView tells. */
export type ListView = ReturnType<typeof useListView>;

/** Shows a row beside the list, or goes to its page. */
function useOpen<Row>(rows: RowSource<Row>, onPeek: ListProps<Row>["onPeek"]) {
  const router = useRouter();
  return useCallback(
    (index: number, href: string | undefined, inNewTab: boolean) => {
      const row = rows.at(index);
      if (inNewTab && href !== undefined) window.open(href, "_blank", "noopener");
      else if ((row === undefined || !onPeek?.(row)) && href !== undefined) router.push(href);
    },
    [router, rows, onPeek],
  );
}

/** Tells the row of the cursor whenever it is another one. */
function useCursorRow<Row>(rows: RowSource<Row>, index: number, tell: ListProps<Row>["onCursorRow"]): void {
  const told = useRef<string>(undefined);
  useEffect(() => {
    const row = rows.at(index);
    const key = rows.keyAt(index);
    if (row === undefined || key === told.current) return;
    told.current = key;
    tell?.(row);
  }, [rows, index, tell]);
}

/** The row of the cursor is drawn wherever the list is scrolled to, or the focus would be lost. */
function indexesOf(first: number, end: number, count: number, cursor: number): readonly number[] {
  const from = Math.max(0, first - overscan);
  const to = Math.min(count, end + overscan);
  const indexes = Array.from({ length: Math.max(0, to - from) }, (_, offset) => from + offset);
  return cursor < 0 || cursor >= count || (cursor >= from && cursor < to) ? indexes : [...indexes, cursor];
}
