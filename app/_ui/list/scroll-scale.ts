/** The tallest element that is scrolled, in pixels: browsers end theirs at some tens of millions. */
export const tallest = 8_000_000;

/** Pixels at both ends of a list in which one pixel of the scroll bar is one of the rows, whatever is between them. */
const exactEnd = 1_000_000;

/** A scroll that is longer than this is a jump of the scroll bar; wheels, keys and fingers move by less at once. */
const jumpPixels = 4_000;

/** How far a scroll bar and the rows that it moves are, in pixels. */
export interface Extent {
  /** How far the rows can be scrolled. */
  readonly rows: number;
  /** How far the scroll bar can be. */
  readonly bar: number;
}

/** How far rows and bar of a list can be scrolled. @param height of all rows @param view what is seen at once */
export function extentOf(height: number, view: number): Extent {
  return { rows: Math.max(0, height - view), bar: Math.max(0, Math.min(height, tallest) - view) };
}

/** Where the rows are when the scroll bar is there. */
export function rowsOfBar(bar: number, extent: Extent): number {
  return along(bar, extent.bar, extent.rows);
}

/** Where the scroll bar is when the rows are there. */
export function barOfRows(rows: number, extent: Extent): number {
  return along(rows, extent.rows, extent.bar);
}

/** One for one within the ends, in proportion between them. */
function along(at: number, length: number, otherLength: number): number {
  if (length === otherLength) return at;
  if (at <= exactEnd) return at;
  if (at >= length - exactEnd) return otherLength - (length - at);
  return exactEnd + ((at - exactEnd) / (length - 2 * exactEnd)) * (otherLength - 2 * exactEnd);
}

/** Where the bar and the rows of a list are. */
export interface ScrollPlace {
  readonly bar: number;
  readonly rows: number;
}

/** Where the rows are once the bar went there: a short way moves them by its pixels, a long one by scale. */
export function scrolled(before: ScrollPlace, bar: number, extent: Extent): ScrollPlace {
  const way = bar - before.bar;
  if (extent.rows === extent.bar || Math.abs(way) > jumpPixels) return { bar, rows: rowsOfBar(bar, extent) };
  return { bar, rows: Math.min(extent.rows, Math.max(0, before.rows + way)) };
}
