import type { Metadata, Namespaces, Order, Snapshot, Totals } from "../metadata/metadata.ts";
import type { BlobRow } from "./change.ts";
import type { CompiledSelection } from "./selection.ts";
import { nextTurn } from "./turns.ts";

/** Selected rows of one piece of a scan. */
export interface ScannedPage {
  /** Those that are selected; none is no end. */
  readonly rows: readonly BlobRow[];
  /** Where the scan stands: the last row it looked at; absent: there was none behind the one before. */
  readonly last: BlobRow | undefined;
  /** The feed's number of the last change that the rows include, or the end of the set. */
  readonly sequence: number;
}

/** What a scan goes over. */
export interface ScanOptions {
  readonly selection: CompiledSelection;
  readonly order: Order;
  /** The scan begins behind this row; absent: at the first. */
  readonly after?: BlobRow;
  /** Rows that are looked at in one turn of the event loop. */
  readonly pageRows: number;
}

/**
 * Selected rows in an order, piece by piece, with a turn of the event loop between two.
 *
 * Each piece is of its own moment, so that a slow reader holds no read transaction; whoever needs one moment applies the
 * changes since the first piece.
 */
export async function* scan(
  metadata: Pick<Metadata, "snapshot">,
  options: ScanOptions,
): AsyncGenerator<ScannedPage, void, undefined> {
  const { selection, order, pageRows } = options;
  let { after } = options;
  for (;;) {
    const page = readPage(metadata, selection.namespaces, order, after, pageRows);
    after = page.rows.at(-1);
    const rows = selection.whole ? page.rows : page.rows.filter(selection.selectsBlob);
    yield { rows, last: after, sequence: page.sequence };
    if (page.rows.length < pageRows) return;
    await nextTurn();
  }
}

function readPage(
  metadata: Pick<Metadata, "snapshot">,
  namespaces: Namespaces,
  order: Order,
  after: BlobRow | undefined,
  limit: number,
): Pick<ScannedPage, "rows" | "sequence"> {
  using view = metadata.snapshot();
  return { rows: view.page(namespaces, order, after, limit), sequence: view.sequence };
}

/** A count that is under way. */
export interface Count {
  /** So far; all once `done` is settled. */
  readonly totals: Totals;
  readonly done: Promise<void>;
}

/**
 * Count the selected rows of one moment, piece by piece; the bytes of each digest once.
 *
 * @param view is disposed of on every path
 * @param signal ends it early, without an error
 */
export function startCount(
  view: Snapshot,
  { selection, pageRows }: Pick<ScanOptions, "selection" | "pageRows">,
  signal: AbortSignal,
): Count {
  let totals: Totals = { count: 0, bytes: 0 };

  async function count(): Promise<void> {
    using held = view;
    let after: BlobRow | undefined;
    let counted: BlobRow | undefined;
    do {
      await nextTurn();
      if (signal.aborted) return;
      const rows = held.page(selection.namespaces, [], after, pageRows);
      for (const row of rows.filter(selection.selectsBlob)) {
        const again = counted?.info.digest === row.info.digest;
        totals = { count: totals.count + 1, bytes: totals.bytes + (again ? 0 : row.info.size) };
        counted = row;
      }
      after = rows.length < pageRows ? undefined : rows.at(-1);
    } while (after !== undefined);
  }

  return {
    get totals() {
      return totals;
    },
    done: count(),
  };
}
