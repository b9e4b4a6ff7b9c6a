import { sql } from "kysely";
import type { Interval } from "../../../content/query.ts";
import type { CompiledSelection } from "../../feed/selection.ts";
import { rowId } from "../blob-pages.ts";
import type { Connection } from "../database/connection.ts";
import { queries } from "../database/queries.ts";
import { ScannedBlob } from "./scanned-blob.ts";

/** Rows of one slice. */
const sliceRows = 5000;

/**
 * Rows that a selection may let through, in the order in which they lie in the file, a slice at a time. What the database can
 * tell of a selection by itself keeps the others from being read.
 */
export function* candidates(
  view: Connection,
  selection: Pick<CompiledSelection, "namespaces" | "whole" | "bounds">,
): Generator<readonly ScannedBlob[], void, undefined> {
  let last = -1;
  for (;;) {
    const rows = view.arrays(sliceAfter(last, selection)).map((values) => new ScannedBlob(values));
    if (rows.length > 0) yield rows;
    if (rows.length < sliceRows) return;
    last = rows.at(-1)?.id ?? last;
  }
}

/** A `+` keeps a condition from choosing an index, whose order is not that of the file. */
function sliceAfter(last: number, { namespaces, whole, bounds }: Parameters<typeof candidates>[1]) {
  let query = queries
    .selectFrom("blob")
    .select([rowId, "namespace", "digest", "size", "created_at", "updated_at"])
    // Labels are most of a row.
    .$if(!whole, (all) => all.select("labels"))
    .where(sql`rowid`, ">", last)
    .orderBy(sql`rowid`)
    .limit(sliceRows);
  if (namespaces !== "*") query = query.where(sql`+namespace`, "in", namespaces);
  if (bounds === undefined) return query;
  if (bounds.namespaces !== undefined) query = query.where(sql`+namespace`, "in", bounds.namespaces);
  const intervals = { size: bounds.size, created_at: bounds.createdMicros, updated_at: bounds.updatedMicros };
  for (const [column, interval] of Object.entries(intervals)) {
    for (const [operator, value] of endsOf(interval)) query = query.where(sql`+${sql.ref(column)}`, operator, value);
  }
  return query;
}

/** The ends that an interval has. */
function endsOf({ min, max }: Interval): readonly (readonly [">=" | "<=", number])[] {
  return [[">=", min] as const, ["<=", max] as const].filter(([, value]) => Number.isFinite(value));
}
