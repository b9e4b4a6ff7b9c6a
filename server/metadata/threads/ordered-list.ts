import { sql } from "kysely";
import type { CompiledSelection } from "../../feed/selection.ts";
import { inOrder } from "../blob-pages.ts";
import type { StoredBlob } from "../blobs.ts";
import { blobFromColumns } from "../blobs.ts";
import type { Connection } from "../database/connection.ts";
import { queries } from "../database/queries.ts";
import type { Namespaces, Order, Totals } from "../metadata.ts";

/** A selection whose rows have no index of their own: their ids in the order, 8 bytes a row, and what they count. */
export interface OrderedList {
  readonly ids: Float64Array;
  readonly totals: Totals;
}

/** Rows between two looks at whether the list is still wanted. */
const sliceRows = 1000;

const rowId = sql<number>`rowid`.as("id");

/**
 * Test every row of the namespaces once, then put the ids of those that are selected in order.
 *
 * @param check throws when nobody wants the list any more
 */
export function buildOrderedList(
  view: Connection,
  selection: CompiledSelection,
  order: Order,
  check: () => void,
): OrderedList {
  const { marks, totals } = markSelected(view, selection, check);
  const ids = new Float64Array(totals.count);
  let filled = 0;
  for (const { id } of view.iterate(inOrder(queries.selectFrom("blob").select(rowId), order))) {
    if (marks[id] !== 1) continue;
    ids[filled] = id;
    filled += 1;
    if (filled % sliceRows === 0) check();
  }
  return { ids: ids.subarray(0, filled), totals };
}

/** Rows come in the order of digests here, so that those of one digest are neighbours and its bytes count once. */
function markSelected(
  view: Connection,
  { namespaces, whole, selectsBlob }: CompiledSelection,
  check: () => void,
): { marks: Uint8Array; totals: Totals } {
  const last = view.first(queries.selectFrom("blob").select(sql<number | null>`max(rowid)`.as("id")))?.id ?? 0;
  const marks = new Uint8Array(last + 1);
  let count = 0;
  let bytes = 0;
  let counted = "";
  let looked = 0;
  for (const row of view.iterate(rowsByDigest(namespaces))) {
    looked += 1;
    if (looked % sliceRows === 0) check();
    if (!whole && !selectsBlob(blobFromColumns(row))) continue;
    marks[row.id] = 1;
    count += 1;
    if (row.digest !== counted) bytes += row.size;
    counted = row.digest;
  }
  return { marks, totals: { count, bytes } };
}

function rowsByDigest(namespaces: Namespaces) {
  const query = queries.selectFrom("blob").selectAll().select(rowId).orderBy("digest").orderBy("namespace");
  return namespaces === "*" ? query : query.where("namespace", "in", namespaces);
}

/** The rows of some ids, in their order; those that are gone are left out. */
export function readRows(view: Connection, ids: Float64Array): readonly StoredBlob[] {
  const query = queries
    .selectFrom("blob")
    .selectAll()
    .select(rowId)
    .where(sql`rowid`, "in", [...ids]);
  const rows = new Map(view.all(query).map(({ id, ...row }) => [id, row]));
  return [...ids].flatMap((id) => rows.get(id) ?? []);
}
