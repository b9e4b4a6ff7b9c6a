import { compareIngests } from "../../content/ingest-state.ts";
import type { EndedRow, IngestRow, IngestsView } from "../_live/ingests.ts";
import type { SortKey } from "../_ui/list/column.ts";

/** A line of the page: an ingest, the heading of what ended, or one that ended. */
export type Line =
  | { readonly kind: "ingest"; readonly key: string; readonly row: IngestRow; readonly isAborting: boolean }
  | { readonly kind: "heading"; readonly key: string; readonly count: number }
  | ({ readonly kind: "ended" } & EndedRow);

/** Trouble first, then the oldest. */
export const troubleFirst: SortKey = { id: "state", isDescending: true };

const comparisons: Readonly<Record<string, (a: IngestRow, b: IngestRow) => number>> = {
  state: (a, b) => compareIngests({ ingest: b.row, view: b.view }, { ingest: a.row, view: a.view }),
  ref: (a, b) => compareTexts(a.row.status.ref, b.row.status.ref),
  ns: (a, b) => compareTexts(a.row.namespace, b.row.namespace),
  progress: (a, b) => a.row.status.offset - b.row.status.offset,
  rate: (a, b) => a.row.rateBytesPerSecond - b.row.rateBytesPerSecond,
  age: (a, b) => b.row.status.startedAt.getTime() - a.row.status.startedAt.getTime(),
};

/** Columns that the ingests can be sorted by. */
export const sortable = Object.keys(comparisons);

/** The ingests in an order; equal ones as by default. */
export function sortIngests(rows: readonly IngestRow[], sort: readonly SortKey[]): readonly IngestRow[] {
  const keys = [...sort, troubleFirst];
  return rows.toSorted((a, b) => {
    for (const { id, isDescending } of keys) {
      const difference = comparisons[id]?.(a, b) ?? 0;
      if (difference !== 0) return isDescending ? -difference : difference;
    }
    return 0;
  });
}

/**
 * Rows in an order of keys that was shown before: what is new comes last, what is gone is left out. Nothing moves under
 * a pointer.
 */
export function inHeldOrder(rows: readonly IngestRow[], order: readonly string[]): readonly IngestRow[] {
  const places = new Map(order.map((key, place) => [key, place]));
  const placeOf = ({ key }: IngestRow) => places.get(key) ?? order.length;
  return rows.toSorted((a, b) => placeOf(a) - placeOf(b));
}

/** All lines of the page. @param aborting keys of ingests whose end was asked for */
export function linesOf(
  rows: readonly IngestRow[],
  { ended }: Pick<IngestsView, "ended">,
  aborting: ReadonlySet<string>,
): readonly Line[] {
  const lines: Line[] = rows.map((row) => {
    const isAborting = aborting.has(row.key) && row.goneAt === undefined;
    return { kind: "ingest", key: row.key, row, isAborting };
  });
  if (ended.length === 0) return lines;
  const heading: Line = { kind: "heading", key: "heading ended", count: ended.length };
  return [...lines, heading, ...ended.map((row): Line => ({ kind: "ended", ...row }))];
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
