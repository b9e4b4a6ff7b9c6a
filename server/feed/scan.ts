import type { Metadata, Snapshot } from "../metadata/metadata.ts";
import type { ScannedPage, ScanQuery } from "./scan-query.ts";
import { nextTurn } from "./turns.ts";

/** A scan on the event loop. */
interface ScanOptions extends ScanQuery {
  /** Rows that are looked at in one turn of it. */
  readonly pageRows: number;
}

/**
 * Selected rows in an order, piece by piece, with a turn of the event loop between two: for few rows, as Metadata.scan takes
 * longer to begin.
 *
 * Each piece is of its own moment, so that a slow reader holds no read transaction; whoever needs one moment applies the
 * changes since the first piece.
 */
export async function* scan(
  metadata: Pick<Metadata, "snapshot">,
  options: ScanOptions,
): AsyncGenerator<ScannedPage, void, undefined> {
  const { selection, order, pageRows } = options;
  let { after, including = false } = options;
  for (;;) {
    const page = readPage(metadata, selection.namespaces, order, after, pageRows, including);
    after = page.rows.at(-1);
    including = false;
    const rows = selection.whole ? page.rows : page.rows.filter(selection.selectsBlob);
    yield { rows, last: after, sequence: page.sequence };
    if (page.rows.length < pageRows) return;
    await nextTurn();
  }
}

function readPage(
  metadata: Pick<Metadata, "snapshot">,
  ...wanted: Parameters<Snapshot["page"]>
): Pick<ScannedPage, "rows" | "sequence"> {
  using view = metadata.snapshot();
  return { rows: view.page(...wanted), sequence: view.sequence };
}
