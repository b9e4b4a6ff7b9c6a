"use client";
import { memo } from "react";
import { join } from "../join.ts";
import type { Column, RowMarks } from "./column.ts";
import styles from "./list.module.css";
import { showTheSame } from "./same-row.ts";

interface ListRowProps<Row> {
  readonly row: Row;
  readonly rowKey: string;
  /** From 0. */
  readonly index: number;
  readonly top: number;
  readonly columns: readonly Column<Row>[];
  readonly marks: RowMarks;
  readonly isCursor: boolean;
  /** It is what the panel beside the list is about. */
  readonly isPeeked: boolean;
  /** Absent: nothing can be chosen here. `locked`: this row cannot. */
  readonly choice: "chosen" | "free" | "locked" | undefined;
  readonly card: string | undefined;
  readonly href: string | undefined;
  /** A click shows it, in a panel or on its page. */
  readonly canOpen: boolean;
  readonly onOpen: (index: number, href: string | undefined, inNewTab: boolean) => void;
  readonly onCursor: (key: string) => void;
  /** @param isRange every row from the one that was chosen last */
  readonly onChoose: (index: number, isRange: boolean) => void;
}

function ListRowView<Row>(props: ListRowProps<Row>) {
  const { row, rowKey, index, top, columns, marks, isCursor, isPeeked, choice, card, href, canOpen } = props;
  const { onOpen, onCursor, onChoose } = props;
  const looks = [
    marks.isNew && styles.fresh,
    marks.isSent && styles.sent,
    marks.isGone && styles.gone,
    marks.isBusy && styles.busy,
    choice === "chosen" && styles.chosen,
    isPeeked && styles.peeked,
  ];
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      aria-busy={marks.isBusy || undefined}
      aria-selected={choice === undefined ? undefined : choice === "chosen"}
      tabIndex={isCursor ? 0 : -1}
      data-key={rowKey}
      className={join(
        styles.row,
        styles.body,
        card,
        canOpen && styles.linked,
        marks.isStruck && styles.struck,
        ...looks,
      )}
      style={{ top }}
      onFocus={() => onCursor(rowKey)}
      onClick={(event) => {
        if (isOwnTarget(event.target) || !window.getSelection()?.isCollapsed) return;
        if (event.shiftKey && choice !== undefined) onChoose(index, true);
        else if (canOpen) onOpen(index, href, event.metaKey || event.ctrlKey);
      }}
    >
      {choice !== undefined && (
        <div role="gridcell" className={styles.choice}>
          <input
            type="checkbox"
            tabIndex={-1}
            aria-label="Select"
            checked={choice === "chosen"}
            disabled={choice === "locked"}
            onChange={() => undefined}
            onClick={(event) => onChoose(index, event.shiftKey)}
          />
        </div>
      )}
      {columns.map((column) => (
        <div
          key={column.id}
          role="gridcell"
          className={join(column.className, column.align && styles.end, column.isName && styles.name)}
        >
          {column.cell(row)}
        </div>
      ))}
    </div>
  );
}

/** A row of a list; it is drawn anew only when what it shows is another. */
export const ListRow = memo(ListRowView, showTheSame) as typeof ListRowView;

/** True for what does something of its own when it is clicked. */
function isOwnTarget(target: EventTarget): boolean {
  return target instanceof Element && target.closest("a, button, input") !== null;
}
