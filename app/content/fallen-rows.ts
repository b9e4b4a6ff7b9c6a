import type { BlobRow } from "../_live/blobs.ts";

/** Rows that are remembered behind the window, at most. */
const mostFallen = 2000;

/**
 * The rows that follow a live window because newer ones pushed them out at its end, the nearest first: until pages tell what
 * is behind the window, a row that is read stays where it is.
 *
 * @param before rows of the window, and those behind it, before it changed
 * @param now rows of the window since
 */
export function fallenRows(
  before: { readonly window: readonly BlobRow[]; readonly fallen: readonly BlobRow[] },
  now: readonly BlobRow[],
): readonly BlobRow[] {
  const kept = new Set(now.map(({ key }) => key));
  const last = before.window.findLastIndex(({ key }) => kept.has(key));
  // Without a row in common it is another window.
  if (last < 0) return [];
  const pushed = before.window.slice(last + 1).filter(({ goneAt }) => goneAt === undefined);
  const still = before.fallen.filter(({ key }) => !kept.has(key));
  if (pushed.length === 0 && still.length === before.fallen.length) return before.fallen;
  return [...pushed, ...still].slice(0, mostFallen);
}
