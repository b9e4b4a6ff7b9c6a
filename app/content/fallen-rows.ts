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

/** An order of rows, as compareBy gives it. */
type Compare = (a: BlobRow["row"], b: BlobRow["row"]) => number;

/** Many writers at once push rows out of a window in another order than that of its end, by so many places at most. */
const mostDisordered = 200;

/**
 * The rows that follow a live window of one query because newer ones pushed them out at its end, in their order: a row that is
 * read stays where it is, however many come in before pages tell what is behind the window. A row that left elsewhere has left
 * the query.
 *
 * @param before rows of the window, and those behind it, before it changed
 * @param now rows of the window since
 * @param compare the order of the query
 */
export function fallenRows(before: FallenBehind, now: readonly BlobRow[], compare: Compare): readonly BlobRow[] {
  const end = now.at(-1);
  const kept = new Set(now.map(({ key }) => key));
  const nearEnd = now.length >= before.window.length ? before.window.length - mostDisordered : before.window.length;
  const isPushed = ({ key, row, goneAt }: BlobRow, place: number) =>
    goneAt === undefined && !kept.has(key) && end !== undefined && (place >= nearEnd || compare(end.row, row) < 0);
  const pushed = before.window.filter(isPushed);
  const still = before.fallen.filter(({ key }) => !kept.has(key));
  if (pushed.length === 0 && still.length === before.fallen.length) return before.fallen;
  return inOrder([...pushed, ...still], compare);
}

function inOrder(rows: readonly BlobRow[], compare: Compare): readonly BlobRow[] {
  return rows.toSorted((a, b) => compare(a.row, b.row)).slice(0, mostFallen);
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
 * The index of each row that is remembered behind a window. They follow one another, but for rows that came and were pushed out
 * before anybody saw them: where the pages know a row further down, so many are missing before it, and before those ahead of it
 * that no page has.
 *
 * @param first index of the first row behind the window
 * @param indexOf the index that the pages give a row; -1 for one that no page has
 * @returns growing indexes, one a row
 */
export function placesBehind(
  fallen: readonly BlobRow[],
  first: number,
  indexOf: (key: string) => number,
): readonly number[] {
  const places: number[] = [];
  let next = first;
  let unknown = 0;
  for (const { key } of fallen) {
    const index = indexOf(key);
    if (index < 0) {
      unknown += 1;
      continue;
    }
    next = Math.max(next, index - unknown);
    for (let count = 0; count <= unknown; count += 1) places.push(next++);
    unknown = 0;
  }
  for (; unknown > 0; unknown -= 1) places.push(next++);
  return places;
}

function pageOf(place: number): number {
  return Math.floor(place / pageLimits.rows);
}

function rowsBetween(at: PagesView<BlobRow>["at"], first: number, end: number): readonly BlobRow[] {
  return Array.from({ length: end - first - 1 }, (_, offset) => at(first + 1 + offset)).filter(
    (row) => row !== undefined,
  );
}
