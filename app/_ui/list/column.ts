import type { ReactNode } from "react";

/** A column of a list. */
export interface Column<Row> {
  readonly id: string;
  readonly header: string;
  /** The header is only for who listens to the page. */
  readonly isHeaderHidden?: boolean;
  /** A track of a CSS grid, such as `120px`. */
  readonly width: string;
  /** `end`: numbers. */
  readonly align?: "end";
  readonly isSortable?: boolean;
  /** It is always shown, at its place. */
  readonly isFixed?: boolean;
  /** It names the row: where the list scrolls sideways it stays in sight. */
  readonly isName?: boolean;
  /** It is hidden until somebody wants to see it. */
  readonly isExtra?: boolean;
  /** Its place in a card, where the page is narrow. */
  readonly className?: string | undefined;
  readonly cell: (row: Row) => ReactNode;
}

/** A sort key: a column and a direction. */
export interface SortKey {
  readonly id: string;
  readonly isDescending: boolean;
}

/** Pixels that columns need at least: with less room the list scrolls sideways. */
export function leastWidthOf(columns: readonly Pick<Column<never>, "width">[]): number {
  return columns.reduce((sum, { width }) => sum + Number(/\d+/.exec(width)?.[0] ?? 0), 0);
}

/** How a row looks beside its cells. */
export interface RowMarks {
  /** It came while the page looked. */
  readonly isNew?: boolean;
  /** It is what a link is about. */
  readonly isSent?: boolean;
  /** It is gone, and stays a moment so that people see it go. */
  readonly isGone?: boolean;
  /** Struck through: what it was is no more. */
  readonly isStruck?: boolean;
  /** Something was asked of it that has not happened yet. */
  readonly isBusy?: boolean;
}

/** The order after a click on a header: first as the column is read best, then the other way. */
export function nextSort(
  sort: readonly SortKey[],
  id: string,
  firstDescending: boolean,
  keepsFirst: boolean,
): readonly SortKey[] {
  const before = sort.find((key) => key.id === id);
  const after = { id, isDescending: before === undefined ? firstDescending : !before.isDescending };
  const first = sort[0];
  if (!keepsFirst || first === undefined || first.id === id) return [after];
  return [first, after];
}

/** Sort keys as a URL has them, such as `-size,digest`. */
export function sortToText(sort: readonly SortKey[]): string {
  return sort.map(({ id, isDescending }) => `${isDescending ? "-" : ""}${id}`).join(",");
}

/** Sort keys of a URL; what names no column of the list is left out, and of what is left the first two count. */
export function sortFromText(text: string, columns: readonly string[]): readonly SortKey[] {
  const keys = text.split(",").map((part) => ({ id: part.replace(/^-/, ""), isDescending: part.startsWith("-") }));
  const known = keys.filter(({ id }) => columns.includes(id));
  return known.filter(({ id }, index) => known.findIndex((key) => key.id === id) === index).slice(0, 2);
}
