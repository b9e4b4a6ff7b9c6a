/** Where the cursor of a list is, and how far it can go. */
export interface ListPosition {
  /** Row of the cursor, from 0; -1 for none. */
  readonly index: number;
  readonly count: number;
  /** Whole rows that fit into sight. */
  readonly page: number;
  /** True for a row that the cursor passes over, such as a heading. */
  readonly isPassed?: (index: number) => boolean;
}

/** What moves the cursor (WAI-ARIA's grid pattern, and vi's letters). */
const moves: Readonly<Record<string, (position: ListPosition) => number>> = {
  ArrowDown: ({ index }) => index + 1,
  j: ({ index }) => index + 1,
  ArrowUp: ({ index }) => index - 1,
  k: ({ index }) => index - 1,
  PageDown: ({ index, page }) => index + Math.max(1, page - 1),
  PageUp: ({ index, page }) => index - Math.max(1, page - 1),
  Home: () => 0,
  End: ({ count }) => count - 1,
};

/** The row that a key moves the cursor to; absent for a key that does not move it, and in a list without such rows. */
export function moveCursor(key: string, position: ListPosition): number | undefined {
  const move = Object.hasOwn(moves, key) ? moves[key] : undefined;
  if (move === undefined || position.count === 0) return undefined;
  const wanted = Math.min(position.count - 1, Math.max(0, move(position)));
  const goesDown = wanted > position.index;
  return nextFree(wanted, goesDown ? 1 : -1, position) ?? nextFree(wanted, goesDown ? -1 : 1, position);
}

function nextFree(from: number, step: 1 | -1, { count, isPassed }: ListPosition): number | undefined {
  for (let index = from; index >= 0 && index < count; index += step) if (!isPassed?.(index)) return index;
  return undefined;
}

/** The row that takes the cursor once its own row is gone: the one in its place, or the last; -1 in an empty list. */
export function cursorAfterLoss(index: number, count: number): number {
  return Math.min(index, count - 1);
}
