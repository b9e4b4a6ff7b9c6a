"use client";
import { useRouter } from "next/navigation";
import type { KeyboardEvent } from "react";
import { useCallback, useEffect, useLayoutEffect, useRef } from "react";
import { useStore } from "../../_live/hooks.ts";
import { densitySetting } from "../../_settings/display.ts";
import { meantBy } from "../../_settings/keys.ts";
import { endsSequence } from "../shortcuts.ts";
import type { ListProps } from "./list-props.ts";
import { selectByKey } from "./list-selection.ts";
import type { RowSource } from "./row-source.ts";
import { useAnchor } from "./use-anchor.ts";
import { type Cursor, useCursor } from "./use-cursor.ts";
import { useNarrow } from "./use-narrow.ts";
import type { Scroll } from "./use-scroll.ts";
import { useScroll } from "./use-scroll.ts";

/** Heights in pixels of rows, cards and the header, as tokens.css has them. */
const heights = { comfortable: 32, compact: 28, card: 64, head: 32, cardHead: 44 } as const;

/** Rows that are drawn beyond each end of the sight. */
const overscan = 8;

/** Where a list is scrolled to, where its cursor is, and what its keys do. */
export function useListView<Row>(props: ListProps<Row>) {
  const { rows, newAtOf, hrefOf, headingOf, onRowKey, selection, onPeek, onCursorRow, onSight, onPlace } = props;
  const { openAt, identity } = props;
  const grid = useRef<HTMLDivElement>(null);
  const areCards = useNarrow();
  const density = useStore(densitySetting);
  const rowHeight = areCards ? heights.card : heights[density];
  const tellSight = useLatest((first: number, end: number) => onSight?.(first, end));
  const headHeight = areCards ? cardHeadHeight(props) : heights.head;
  const scroll = useScroll({ grid, count: rows.count, rowHeight, headHeight, onSight: tellSight });
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
  useOpenAt(openAt, scroll, cursor.set);
  const moveTo = useCursorMoves(rows, cursor, onCursorRow);

  const choose = useLatest((index: number, isRange: boolean) =>
    isRange ? selection?.extend(index) : selection?.toggle(index),
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
    const next = cursor.indexOfKey(event);
    if (next !== undefined) {
      moveTo(next);
      return true;
    }
    if (row === undefined || event.ctrlKey || event.metaKey || event.altKey) return false;
    return onRowKey?.(meantBy(event.key), row, element) ?? false;
  }

  const isCursorInSight = cursor.index >= first && cursor.index < end;
  const placeIndex = isCursorInSight ? cursor.index : Math.min(first, rows.count - 1);
  useEffect(() => onPlace?.(placeIndex), [onPlace, placeIndex]);
  return {
    grid,
    areCards,
    headHeight,
    anchor,
    rowHeight,
    onScroll,
    onKeyDown,
    open,
    choose,
    indexes: indexesOf(first, end, rows.count, cursor.index),
    /** It is drawn at once; any other row of `indexes` is beyond the sight, and may come later. */
    isInSight: (index: number) => (index >= first && index < end) || index === cursor.index,
    cursorKey: cursor.key,
    shift: scroll.sight.shift,
    spaceHeight: scroll.spaceHeight,
    cursorIndex: cursor.index,
    setCursor: cursor.set,
    moveTo,
    placeIndex,
  };
}

/** Cards have a head where there is anything to choose or to sort. */
function cardHeadHeight<Row>({ columns, selection }: ListProps<Row>): number {
  return selection !== undefined || columns.some(({ isSortable }) => isSortable) ? heights.cardHead : 0;
}

/** Rows that are left above the one that a list begins at. */
const rowsAbove = 3;

/** Begins at a row, once. */
function useOpenAt(openAt: ListProps<unknown>["openAt"], { toIndex }: Scroll, setCursor: (key: string) => void): void {
  const opened = useRef<ListProps<unknown>["openAt"]>(undefined);
  useEffect(() => {
    if (openAt === undefined || opened.current === openAt) return;
    opened.current = openAt;
    toIndex(Math.max(0, openAt.index - rowsAbove));
    setCursor(openAt.key);
  }, [openAt, toIndex, setCursor]);
}

/** What useListView tells. */
export type ListView = ReturnType<typeof useListView>;

/** Shows a row beside the list, or goes to its page. */
function useOpen<Row>(rows: RowSource<Row>, onPeek: ListProps<Row>["onPeek"]) {
  const router = useRouter();
  return useLatest((index: number, href: string | undefined, inNewTab: boolean) => {
    const row = rows.at(index);
    if (inNewTab && href !== undefined) window.open(href, "_blank", "noopener");
    else if ((row === undefined || !onPeek?.(row)) && href !== undefined) router.push(href);
  });
}

/**
 * Moves the cursor where a person wants it, and tells its row once that is here. What comes and goes by itself moves the
 * cursor too, and is not told.
 */
function useCursorMoves<Row>(rows: RowSource<Row>, { index, moveTo }: Cursor, tell: ListProps<Row>["onCursorRow"]) {
  const isWanted = useRef(false);
  useEffect(() => {
    const row = rows.at(index);
    if (!isWanted.current || row === undefined) return;
    isWanted.current = false;
    tell?.(row);
  }, [rows, index, tell]);
  return useCallback(
    (next: number) => {
      isWanted.current = true;
      moveTo(next);
    },
    [moveTo],
  );
}

/** A function that stays the same one while it does what the last render wants: rows that call it are not drawn anew. */
function useLatest<Args extends readonly unknown[]>(run: (...args: Args) => void): (...args: Args) => void {
  const latest = useRef(run);
  useLayoutEffect(() => {
    latest.current = run;
  });
  return useCallback((...args: Args) => latest.current(...args), []);
}

/** The row of the cursor is drawn wherever the list is scrolled to, or the focus would be lost. */
function indexesOf(first: number, end: number, count: number, cursor: number): readonly number[] {
  const from = Math.max(0, first - overscan);
  const to = Math.min(count, end + overscan);
  const indexes = Array.from({ length: Math.max(0, to - from) }, (_, offset) => from + offset);
  return cursor < 0 || cursor >= count || (cursor >= from && cursor < to) ? indexes : [...indexes, cursor];
}
