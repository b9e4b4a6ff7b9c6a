"use client";
import { ArrowDown, ArrowUp } from "lucide-react";
import { Icon } from "../icon.tsx";
import { join } from "../join.ts";
import type { Column, SortKey } from "./column.ts";
import styles from "./list.module.css";
import type { ListSelection } from "./list-selection.ts";

interface ListHeadProps<Row> {
  readonly columns: readonly Column<Row>[];
  readonly sort: readonly SortKey[];
  /** @param keepsFirst true: as the second key */
  readonly onSort: (id: string, keepsFirst: boolean) => void;
  readonly selection: ListSelection<Row> | undefined;
}

/** The headers of a list; a click sorts, a click with shift sorts within the first order. */
export function ListHead<Row>({ columns, sort, onSort, selection }: ListHeadProps<Row>) {
  return (
    <div role="row" aria-rowindex={1} className={join(styles.row, styles.head)}>
      {selection && (
        <div role="columnheader" className={styles.choice}>
          <SelectAll selection={selection} />
        </div>
      )}
      {columns.map((column) => {
        const key = sort.find(({ id }) => id === column.id);
        return (
          <div
            key={column.id}
            role="columnheader"
            aria-sort={ariaSort(key)}
            className={join(column.align && styles.end, key && styles.sorted)}
          >
            {column.isSortable ? (
              <button type="button" className={styles.sorter} onClick={(event) => onSort(column.id, event.shiftKey)}>
                {column.header}
                {key && <Icon of={key.isDescending ? ArrowDown : ArrowUp} size={12} />}
              </button>
            ) : (
              <span className={column.isHeaderHidden ? "hidden" : undefined}>{column.header}</span>
            )}
          </div>
        );
      })}
    </div>
  );
}

function SelectAll<Row>({ selection: { state, all, clear } }: { readonly selection: ListSelection<Row> }) {
  return (
    <input
      type="checkbox"
      aria-label="Select all that match"
      checked={state === "all"}
      ref={(element) => {
        if (element) element.indeterminate = state === "some";
      }}
      onChange={() => (state === "none" ? all() : clear())}
    />
  );
}

function ariaSort(key: SortKey | undefined): "ascending" | "descending" | undefined {
  if (key === undefined) return undefined;
  return key.isDescending ? "descending" : "ascending";
}
