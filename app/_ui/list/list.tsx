"use client";
import { defaultRangeExtractor, useVirtualizer } from "@tanstack/react-virtual";
import { ArrowUp } from "lucide-react";
import { useRouter } from "next/navigation";
import type { CSSProperties, KeyboardEvent, ReactNode } from "react";
import { useCallback, useMemo, useRef } from "react";
import { Icon } from "../icon.tsx";
import { join } from "../join.ts";
import { endsSequence } from "../shortcuts.ts";
import type { Column, RowMarks, SortKey } from "./column.ts";
import styles from "./list.module.css";
import { ListHead } from "./list-head.tsx";
import { ListRow } from "./list-row.tsx";
import { ListSkeleton, useSkeleton } from "./list-skeleton.tsx";
import { useAnchor } from "./use-anchor.ts";
import { useCursor } from "./use-cursor.ts";
import { useNarrow } from "./use-narrow.ts";

export interface ListProps<Row> {
  readonly label: string;
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  readonly columns: readonly Column<Row>[];
  /** Width below which the list scrolls sideways, in pixels. */
  readonly leastWidth: number;
  /** The class of a row, whose columns it places as a card where the page is narrow. */
  readonly card: string | undefined;
  readonly sort: readonly SortKey[];
  readonly onSort: (id: string, keepsFirst: boolean) => void;
  readonly marksOf: (row: Row) => RowMarks;
  /** When a row came; absent: it was there. */
  readonly newAtOf?: (row: Row) => number | undefined;
  readonly hrefOf?: (row: Row) => string | undefined;
  /** A row that is a heading: its words. */
  readonly headingOf?: (row: Row) => ReactNode | undefined;
  /** A key that the list itself does not know. @returns true when it did something */
  readonly onRowKey?: (key: string, row: Row, element: HTMLElement) => boolean;
  /** Another text: another list, which begins at its top. */
  readonly identity: string;
  /** `loading`: a skeleton in place of rows. `stale`: rows that answer another question, dimmed. */
  readonly state: "ready" | "loading" | "stale";
  /** In place of rows, where there are none. */
  readonly empty: ReactNode;
  /** Said in the strip below the rows. */
  readonly footer: ReactNode;
}

/** Heights in pixels of rows, cards and the header, as tokens.css has them. */
const heights = { row: 32, card: 64, head: 32 } as const;

/** Every list of rows: virtual, sorted by its headers, moved through by keys, still while it is read. */
export function List<Row>(props: ListProps<Row>) {
  const { label, rows, columns, card, state, footer, leastWidth } = props;
  const view = useListView(props);
  const isSkeleton = useSkeleton(state === "loading") && rows.length === 0;
  const layout: CSSProperties & Record<`--${string}`, string> = {
    "--cols": columns.map(({ width }) => width).join(" "),
    "--least": `${leastWidth}px`,
  };
  if (rows.length === 0 && state === "ready") return <div className={styles.empty}>{props.empty}</div>;
  return (
    <div className={styles.list}>
      <div
        ref={view.grid}
        role="grid"
        aria-label={label}
        aria-rowcount={state === "loading" ? -1 : rows.length + 1}
        aria-colcount={columns.length}
        aria-busy={state !== "ready"}
        className={join(styles.grid, state === "stale" && styles.dim)}
        // Without a row to focus, what scrolls must itself be reached by keys.
        tabIndex={rows.length === 0 ? 0 : undefined}
        onScroll={view.anchor.onScroll}
        onKeyDown={view.onKeyDown}
      >
        <div role="rowgroup" className={styles.rows} style={layout}>
          {(rows.length > 0 || isSkeleton) && <ListHead columns={columns} sort={props.sort} onSort={props.onSort} />}
          {rows.length > 0 && <Rows {...props} view={view} />}
          {isSkeleton && <ListSkeleton columns={columns} card={card} rowHeight={view.rowHeight} />}
        </div>
      </div>
      {rows.length > 0 && (
        <div className={styles.strip}>
          {footer}
          {view.anchor.newAbove > 0 && (
            <button type="button" className={styles.pill} onClick={view.anchor.toTop}>
              <Icon of={ArrowUp} size={12} />
              {view.anchor.newAbove} new above
            </button>
          )}
        </div>
      )}
    </div>
  );
}

function Rows<Row>({ view, ...props }: ListProps<Row> & { readonly view: ListView }) {
  const { rows, keyOf, columns, card, marksOf, hrefOf, headingOf } = props;
  return (
    <div role="presentation" className={styles.space} style={{ height: view.height }}>
      {view.items.map(({ index, top }) => {
        const row = rows[index];
        if (row === undefined) return null;
        const heading = headingOf?.(row);
        const key = keyOf(row);
        return heading ? (
          <div
            key={key}
            role="row"
            aria-rowindex={index + 2}
            className={styles.section}
            style={{ transform: `translateY(${top}px)` }}
          >
            <div role="gridcell" aria-colspan={columns.length}>
              {heading}
            </div>
          </div>
        ) : (
          <ListRow
            key={key}
            rowKey={key}
            row={row}
            index={index}
            top={top}
            columns={columns}
            marks={marksOf(row)}
            isCursor={index === view.cursorIndex}
            card={card}
            href={hrefOf?.(row)}
            onOpen={view.onOpen}
            onCursor={view.setCursor}
          />
        );
      })}
    </div>
  );
}

type ListView = ReturnType<typeof useListView>;

function useListView<Row>({ rows, keyOf, newAtOf, hrefOf, headingOf, onRowKey, identity }: ListProps<Row>) {
  const grid = useRef<HTMLDivElement>(null);
  const router = useRouter();
  const isNarrow = useNarrow();
  const rowHeight = isNarrow ? heights.card : heights.row;
  const headHeight = isNarrow ? 0 : heights.head;
  const keys = useMemo(() => rows.map(keyOf), [rows, keyOf]);
  const cursorIndex = useRef(-1);

  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => grid.current,
    estimateSize: () => rowHeight,
    overscan: 8,
    scrollMargin: headHeight,
    scrollPaddingStart: headHeight,
    // The row of the cursor stays, wherever the list is scrolled to, or the focus would be lost.
    rangeExtractor: (range) => {
      const indexes = defaultRangeExtractor(range);
      const cursor = cursorIndex.current;
      return cursor < 0 || cursor >= range.count || indexes.includes(cursor) ? indexes : [...indexes, cursor];
    },
  });

  const isPassed = useCallback(
    (index: number) => {
      const row = rows[index];
      return row !== undefined && headingOf?.(row) !== undefined;
    },
    [rows, headingOf],
  );
  const scrollTo = useCallback((index: number) => virtualizer.scrollToIndex(index), [virtualizer]);
  const cursor = useCursor({ keys, grid, rowHeight, isPassed, scrollTo });
  cursorIndex.current = cursor.index;

  const newAt = useCallback(
    (index: number) => {
      const row = rows[index];
      return row === undefined ? undefined : newAtOf?.(row);
    },
    [rows, newAtOf],
  );
  const anchor = useAnchor({ keys, grid, rowHeight, identity, newAt });

  const onOpen = useCallback(
    (href: string, inNewTab: boolean) => {
      if (inNewTab) window.open(href, "_blank", "noopener");
      else router.push(href);
    },
    [router],
  );

  function onKeyDown(event: KeyboardEvent<HTMLElement>): void {
    const { target } = event;
    const row = rows[cursor.index];
    if (endsSequence(event)) return;
    if (!(target instanceof HTMLElement) || target.getAttribute("role") !== "row" || row === undefined) return;
    const href = hrefOf?.(row);
    if (event.key === "Enter" && href !== undefined) onOpen(href, event.metaKey || event.ctrlKey);
    else if (!cursor.onKey(event) && !runRowKey(event, row, target)) return;
    event.preventDefault();
    event.stopPropagation();
  }

  function runRowKey(event: KeyboardEvent, row: Row, element: HTMLElement): boolean {
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    return onRowKey?.(event.key, row, element) ?? false;
  }

  return {
    grid,
    anchor,
    rowHeight,
    onKeyDown,
    onOpen,
    cursorIndex: cursor.index,
    setCursor: cursor.set,
    height: virtualizer.getTotalSize(),
    items: virtualizer.getVirtualItems().map(({ index, start }) => ({ index, top: start - headHeight })),
  };
}
