"use client";
import { memo } from "react";
import { join } from "../join.ts";
import type { Column, RowMarks } from "./column.ts";
import styles from "./list.module.css";

interface ListRowProps<Row> {
  readonly row: Row;
  readonly rowKey: string;
  /** From 0. */
  readonly index: number;
  readonly top: number;
  readonly columns: readonly Column<Row>[];
  readonly marks: RowMarks;
  readonly isCursor: boolean;
  readonly card: string | undefined;
  readonly href: string | undefined;
  readonly onOpen: (href: string, inNewTab: boolean) => void;
  readonly onCursor: (key: string) => void;
}

function ListRowView<Row>(props: ListRowProps<Row>) {
  const { row, rowKey, index, top, columns, marks, isCursor, card, href, onOpen, onCursor } = props;
  const looks = [marks.isNew && styles.fresh, marks.isGone && styles.gone, marks.isBusy && styles.busy];
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      aria-busy={marks.isBusy || undefined}
      tabIndex={isCursor ? 0 : -1}
      data-key={rowKey}
      className={join(styles.row, styles.body, card, href && styles.linked, marks.isStruck && styles.struck, ...looks)}
      style={{ transform: `translateY(${top}px)` }}
      onFocus={() => onCursor(rowKey)}
      onClick={(event) => {
        if (href === undefined || isOwnTarget(event.target) || !window.getSelection()?.isCollapsed) return;
        onOpen(href, event.metaKey || event.ctrlKey);
      }}
    >
      {columns.map((column) => (
        <div key={column.id} role="gridcell" className={join(column.className, column.align && styles.end)}>
          {column.cell(row)}
        </div>
      ))}
    </div>
  );
}

/** A row of a list; it is drawn anew only when what it shows is another. */
export const ListRow = memo(ListRowView) as typeof ListRowView;

/** True for what does something of its own when it is clicked. */
function isOwnTarget(target: EventTarget): boolean {
  return target instanceof Element && target.closest("a, button, input") !== null;
}
