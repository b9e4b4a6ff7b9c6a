import { sql } from "kysely";
import type { Interval } from "../../../content/query.ts";
import type { CompiledSelection } from "../../feed/selection.ts";
import { rowId } from "../blob-pages.ts";
import type { Connection } from "../database/connection.ts";
import type { Query } from "../database/queries.ts";
import { queries } from "../database/queries.ts";
import { conditionsOf } from "./required-texts.ts";
import { ScannedBlob } from "./scanned-blob.ts";

/** Row ids of one slice: whoever waits for the scan to end waits for one. */
const sliceIds = 5000;

type Asked = Pick<CompiledSelection, "namespaces" | "whole" | "bounds" | "texts">;

const largestId: Query<{ id: number | null }> = queries
  .selectFrom("blob")
  .select(sql<number | null>`max(rowid)`.as("id"));

/**
 * Rows that a selection may let through, in the order in which they lie in the file, a slice at a time, some of them empty. What
 * the database can tell of a selection by itself keeps the others from being read.
 */
export function* candidates(view: Connection, selection: Asked): Generator<readonly ScannedBlob[], void, undefined> {
  const largest = view.first(largestId)?.id ?? 0;
  for (let after = 0; after < largest; after += sliceIds) {
    yield view.arrays(sliceAfter(after, selection)).map((values) => new ScannedBlob(values));
  }
}

/** A `+` keeps a condition from choosing an index, whose order is not that of the file. */
function sliceAfter(after: number, { namespaces, whole, bounds, texts }: Asked) {
  let query = queries
    .selectFrom("blob")
    .select([rowId, "namespace", "digest", "size", "created_at", "updated_at"])
    // Labels are most of a row.
    .$if(!whole, (all) => all.select("labels"))
    .where(sql`rowid`, ">", after)
    .where(sql`rowid`, "<=", after + sliceIds)
    .orderBy(sql`rowid`);
  for (const condition of conditionsOf(texts)) query = query.where(condition);
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
