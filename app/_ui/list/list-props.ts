import type { ReactNode } from "react";
import type { Column, RowMarks, SortKey } from "./column.ts";
import type { ListSelection } from "./list-selection.ts";
import type { RowSource } from "./row-source.ts";
import type { ColumnChoice } from "./use-columns.ts";

/** What a list is about, and what is done with its rows. */
export interface ListProps<Row> {
  readonly label: string;
  readonly rows: RowSource<Row>;
  readonly columns: readonly Column<Row>[];
  /** Moves and resizes columns; absent: they stay as they are. */
  readonly columnChoice?: Pick<ColumnChoice<Row>, "move" | "resize"> | undefined;
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
  /** Absent: rows cannot be chosen. */
  readonly selection?: ListSelection<Row>;
  /** Enter, or a click, on a row; absent, or false for one: its link is opened. @returns true when it did something */
  readonly onPeek?: (row: Row) => boolean;
  /** The cursor is on another row. */
  readonly onCursorRow?: (row: Row) => void;
  /** The place, from 0, of the row that is read: the cursor's, or the first in sight where that is elsewhere. */
  readonly onPlace?: (index: number) => void;
  /** The row that the panel beside the list is about. */
  readonly peekedKey?: string | undefined;
  /** The rows in sight, from 0, `end` excluded: what is not here is to come. */
  readonly onSight?: (first: number, end: number) => void;
  /** A row to begin at, instead of the top; another object: another row. */
  readonly openAt?: { readonly key: string; readonly index: number } | undefined;
  /** Another text: another list, which begins at its top. */
  readonly identity: string;
  /** `loading`: a skeleton in place of rows. `stale`: rows that answer another question, dimmed. */
  readonly state: "ready" | "loading" | "stale";
  /** True while it is not known how many rows there are; absent: it is. */
  readonly isCounting?: boolean;
  /** How many there are, in words, where that is not how many there are here; absent: it is. */
  readonly whole?: string;
  /** In place of rows, where there are none. */
  readonly empty: ReactNode;
  /** Said in the strip below the rows. */
  readonly footer: ReactNode;
}
