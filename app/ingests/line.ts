import { compareIngests } from "../../content/ingest-state.ts";
import type { EndedIngest } from "../../content/remote/events.ts";
import { serverNow } from "../_live/clock.ts";
import type { EndedRow, IngestRow } from "../_live/ingests.ts";
import type { SortKey } from "../_ui/list/column.ts";
import { nameOfEnded, nameOfIngest } from "./abort.ts";
import type { Matching } from "./ingest-query.ts";
import { bytesThisMinute } from "./spark.ts";

/** A line of the page: an ingest, the heading of what ended, or one that ended. */
export type Line =
  | {
      readonly kind: "ingest";
      readonly key: string;
      readonly row: IngestRow;
      readonly isAborting: boolean;
      /** It ended because this page asked for it. */
      readonly isOurs: boolean;
    }
  | { readonly kind: "heading"; readonly key: string; readonly count: number }
  | ({
      readonly kind: "ended";
      /** This page asked for its end. */
      readonly isOurs: boolean;
    } & EndedRow);

/** Trouble first, then the oldest. */
export const troubleFirst: SortKey = { id: "state", isDescending: true };

/** A moment behind all others. */
const later = 8.64e15;

const comparisons: Readonly<Record<string, (a: IngestRow, b: IngestRow) => number>> = {
  state: (a, b) => compareIngests({ ingest: b.row, view: b.view }, { ingest: a.row, view: a.view }),
  ref: (a, b) => compareTexts(a.row.status.ref, b.row.status.ref),
  ns: (a, b) => compareTexts(a.row.namespace, b.row.namespace),
  progress: (a, b) => a.row.status.offset - b.row.status.offset,
  rate: (a, b) => a.row.rateBytesPerSecond - b.row.rateBytesPerSecond,
  eta: (a, b) => compareKnown(a.view.etaMs, b.view.etaMs),
  lock: (a, b) => (b.row.lockedAt?.getTime() ?? later) - (a.row.lockedAt?.getTime() ?? later),
  holder: (a, b) => compareTexts(a.row.holder, b.row.holder),
  expected: (a, b) => compareTexts(a.row.status.expected ?? "", b.row.status.expected ?? ""),
  total: (a, b) => a.row.status.total - b.row.status.total,
  started: (a, b) => a.row.status.startedAt.getTime() - b.row.status.startedAt.getTime(),
  updated: (a, b) => a.row.status.updatedAt.getTime() - b.row.status.updatedAt.getTime(),
  minute: (a, b) => bytesThisMinute(a.samples, serverNow()) - bytesThisMinute(b.samples, serverNow()),
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
  const rest = new Map(rows.map((row) => [row.key, row]));
  const held: IngestRow[] = [];
  for (const key of order) {
    const row = rest.get(key);
    if (row !== undefined) held.push(row);
    rest.delete(key);
  }
  return [...held, ...rest.values()];
}

/** All lines of the page. @param asked names of ingests whose end this page asked for */
export function linesOf(
  rows: readonly IngestRow[],
  { ended }: Pick<Matching, "ended">,
  asked: ReadonlySet<string>,
): readonly Line[] {
  const lines: Line[] = rows.map((row) => lineOf(row, asked));
  if (ended.length === 0) return lines;
  const heading: Line = { kind: "heading", key: "heading ended", count: ended.length };
  return [
    ...lines,
    heading,
    ...ended.map((row): Line => ({ kind: "ended", isOurs: isOurs(row.ended, asked), ...row })),
  ];
}

/** Lines of rows as they were last: a row that is the same has the same line, and is not drawn anew. */
const known = new WeakMap<IngestRow, Line & { readonly kind: "ingest" }>();

function lineOf(row: IngestRow, asked: ReadonlySet<string>): Line {
  const isAborting = asked.size > 0 && row.goneAt === undefined && asked.has(nameOfIngest(row.row));
  const isEnded = row.end !== undefined && isOurs(row.end, asked);
  const before = known.get(row);
  if (before?.isAborting === isAborting && before.isOurs === isEnded) return before;
  const line = { kind: "ingest", key: row.key, row, isAborting, isOurs: isEnded } as const;
  known.set(row, line);
  return line;
}

/** True for one that was dropped because this page asked for it. */
export function isOurs(ended: EndedIngest, asked: ReadonlySet<string>): boolean {
  return ended.outcome === "aborted" && asked.has(nameOfEnded(ended));
}

/** What is not known comes behind all that is. */
function compareKnown(a = later, b = later): number {
  return a - b;
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
