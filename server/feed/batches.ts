import type { BlobRow } from "./change.ts";
import { rowBytes } from "./row-bytes.ts";
import type { FeedTiming } from "./timing.ts";

/** Rows as messages hold them: bounded in rows and in bytes, though one row always fits. */
export function inBatches(
  rows: readonly BlobRow[],
  limits: Pick<FeedTiming, "batchRows" | "batchBytes">,
): Iterable<readonly BlobRow[]> {
  return batchesOf(rows, rowBytes, limits);
}

/** The same for rows of any kind. @param bytesOf what a row takes in memory, in bytes */
export function* batchesOf<Row>(
  rows: readonly Row[],
  bytesOf: (row: Row) => number,
  { batchRows, batchBytes }: Pick<FeedTiming, "batchRows" | "batchBytes">,
): Generator<readonly Row[], void, undefined> {
  let from = 0;
  let bytes = 0;
  for (const [index, row] of rows.entries()) {
    const more = bytesOf(row);
    if (index > from && (index - from >= batchRows || bytes + more > batchBytes)) {
      yield rows.slice(from, index);
      from = index;
      bytes = 0;
    }
    bytes += more;
  }
  if (from < rows.length) yield rows.slice(from);
}
