import type { BlobRow } from "../_live/blobs.ts";
import type { PagesView } from "./pages.ts";
import { pageLimits } from "./pages.ts";

/** Rows that are remembered behind the window, at most. */
const mostFallen = 4_000;

/** A window of rows, and those behind it. */
export interface FallenBehind {
  readonly window: readonly BlobRow[];
  readonly fallen: readonly BlobRow[];
}

/**
 * The rows that follow a live window of one query because newer ones pushed them out at its end, the nearest first: a row
 * that is read stays where it is, however many come in before pages tell what is behind the window. Where not one row of the
 * window is in the next one, as many came at once, and all of it was pushed out.
 *
 * @param before rows of the window, and those behind it, before it changed
 * @param now rows of the window since
 */
export function fallenRows(before: FallenBehind, now: readonly BlobRow[]): readonly BlobRow[] {
  const kept = new Set(now.map(({ key }) => key));
  const last = before.window.findLastIndex(({ key }) => kept.has(key));
  const pushed = now.length === 0 ? [] : before.window.slice(last + 1).filter(({ goneAt }) => goneAt === undefined);
  const still = before.fallen.filter(({ key }) => !kept.has(key));
  if (pushed.length === 0 && still.length === before.fallen.length) return before.fallen;
  return [...pushed, ...still].slice(0, mostFallen);
}

/**
 * The same rows once pages were read: a page says what is between two of them that it has. A row that no page has stays,
 * since pages are of a moment that is past, and of the places where it was then.
 */
export function mendedByPages(
  { window, fallen }: FallenBehind,
  { at, placeOf }: Pick<PagesView<BlobRow>, "at" | "placeOf">,
): readonly BlobRow[] {
  // Rows that are equal in an order can stand the other way round in a page: each is here once.
  const here = new Set([...window, ...fallen].map(({ key }) => key));
  const mended: BlobRow[] = [];
  let unknown: BlobRow[] = [];
  let last: number | undefined;
  for (const row of fallen) {
    const place = placeOf(row.key);
    if (place < 0) {
      unknown.push(row);
      continue;
    }
    const isBetween = last !== undefined && last < place && pageOf(last) === pageOf(place);
    mended.push(
      ...(isBetween ? rowsBetween(at, last ?? place, place).filter(({ key }) => !here.has(key)) : unknown),
      at(place) ?? row,
    );
    unknown = [];
    last = place;
  }
  return [...mended, ...unknown].slice(0, mostFallen);
}

/**
 * How many rows are missing between a window and those that are remembered behind it, as the pages tell: rows that came and
 * were pushed out before anybody saw them.
 *
 * @param first index of the first row behind the window
 * @param indexOf the index that the pages give a row; -1 for one that no page has
 */
export function missingRows(fallen: readonly BlobRow[], first: number, indexOf: (key: string) => number): number {
  const known = fallen.findIndex(({ key }) => indexOf(key) >= 0);
  const row = fallen[known];
  return row === undefined ? 0 : Math.max(0, indexOf(row.key) - first - known);
}

function pageOf(place: number): number {
  return Math.floor(place / pageLimits.rows);
}

function rowsBetween(at: PagesView<BlobRow>["at"], first: number, end: number): readonly BlobRow[] {
  return Array.from({ length: end - first - 1 }, (_, offset) => at(first + 1 + offset)).filter(
    (row) => row !== undefined,
  );
}
