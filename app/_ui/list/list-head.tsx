"use client";
import { ArrowDown, ArrowUp } from "lucide-react";
import type { HTMLAttributes, KeyboardEvent } from "react";
import { memo } from "react";
import { Icon } from "../icon.tsx";
import { join } from "../join.ts";
import type { Column, SortKey } from "./column.ts";
import { ColumnHandle } from "./column-handle.tsx";
import styles from "./list.module.css";
import type { ListSelection } from "./list-selection.ts";
import { SelectAll } from "./select-all.tsx";
import type { ColumnChoice } from "./use-columns.ts";

interface ListHeadProps<Row> {
  readonly columns: readonly Column<Row>[];
  readonly sort: readonly SortKey[];
  /** @param keepsFirst true: as the second key */
  readonly onSort: (id: string, keepsFirst: boolean) => void;
  readonly selection: ListSelection<Row> | undefined;
  readonly choice: Choice | undefined;
}

type Choice = Pick<ColumnChoice<never>, "move" | "resize">;

function ListHeadView<Row>({ columns, sort, onSort, selection, choice }: ListHeadProps<Row>) {
  return (
    <div role="row" aria-rowindex={1} className={join(styles.row, styles.head)}>
      {selection && (
        <div role="columnheader" className={styles.choice}>
          <SelectAll selection={selection} />
        </div>
      )}
      {columns.map((column) => (
        <ColumnHead
          key={column.id}
          column={column}
          sortKey={sort.find(({ id }) => id === column.id)}
          onSort={onSort}
          choice={column.isFixed ? undefined : choice}
        />
      ))}
    </div>
  );
}

/** The headers of a list; a click sorts, a click with shift sorts within the first order. Dragged, they change places. */
export const ListHead = memo(ListHeadView) as typeof ListHeadView;

interface ColumnHeadProps<Row> extends Pick<ListHeadProps<Row>, "choice" | "onSort"> {
  readonly column: Column<Row>;
  readonly sortKey: SortKey | undefined;
}

/** The header of one column. */
function ColumnHead<Row>({ column, sortKey, onSort, choice }: ColumnHeadProps<Row>) {
  const { id, header } = column;
  const moves = choice && { draggable: true, ...dragOf(id, choice.move) };
  return (
    <div
      role="columnheader"
      aria-sort={ariaSort(sortKey)}
      data-column={id}
      className={join(column.align && styles.end, column.isName && styles.name, sortKey && styles.sorted)}
      onKeyDown={(event) => {
        if (choice && runColumnKey(event, id, choice)) event.preventDefault();
      }}
      {...moves}
    >
      {column.isSortable ? (
        <button
          type="button"
          className={styles.sorter}
          aria-keyshortcuts={choice && columnKeys}
          onClick={(event) => onSort(id, event.shiftKey)}
        >
          {header}
          {sortKey && <Icon of={sortKey.isDescending ? ArrowDown : ArrowUp} size={12} />}
        </button>
      ) : (
        <span className={column.isHeaderHidden ? "hidden" : undefined}>{header}</span>
      )}
      {choice && <ColumnHandle onResize={(width) => choice.resize(id, width)} />}
    </div>
  );
}

const columnKeys = "Alt+ArrowLeft Alt+ArrowRight Alt+Shift+ArrowLeft Alt+Shift+ArrowRight";

/** Pixels by which one key makes a column wider. */
const resizeStep = 16;

/** @returns true when the key moved or resized the column */
function runColumnKey(event: KeyboardEvent<HTMLElement>, id: string, choice: Choice): boolean {
  const way = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (way === undefined || !event.altKey) return false;
  if (event.shiftKey) choice.resize(id, event.currentTarget.offsetWidth + way * resizeStep);
  else choice.move(id, way);
  return true;
}

/** The type under which a header is dragged: nothing else that is dropped on one does anything. */
const dragged = "application/x-stowage-column";

function dragOf(id: string, move: Choice["move"]): HTMLAttributes<HTMLElement> {
  return {
    onDragStart: ({ dataTransfer }) => dataTransfer.setData(dragged, id),
    onDragOver: (event) => {
      if (event.dataTransfer.types.includes(dragged)) event.preventDefault();
    },
    onDrop: (event) => {
      const other = event.dataTransfer.getData(dragged);
      const ids = [...(event.currentTarget.parentElement?.children ?? [])].map((head) =>
        head.getAttribute("data-column"),
      );
      const by = ids.indexOf(id) - ids.indexOf(other);
      if (other !== "" && by !== 0) move(other, by);
      event.preventDefault();
    },
  };
}

function ariaSort(key: SortKey | undefined): "ascending" | "descending" | undefined {
  if (key === undefined) return undefined;
  return key.isDescending ? "descending" : "ascending";
}
