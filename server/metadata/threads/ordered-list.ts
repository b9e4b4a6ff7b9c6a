import { sql } from "kysely";
import type { CompiledSelection } from "../../feed/selection.ts";
import { inOrder, rowId } from "../blob-pages.ts";
import type { StoredBlob } from "../blobs.ts";
import type { Connection } from "../database/connection.ts";
import { queries } from "../database/queries.ts";
import type { Order, Totals } from "../metadata.ts";
import { ScannedBlob } from "./scanned-blob.ts";

/** A selection whose rows have no index of their own: their ids in the order, 8 bytes a row, and what they count. */
export interface OrderedList {
  readonly ids: Float64Array;
  readonly totals: Totals;
}

/** Rows that are looked at between two questions whether the list is still wanted. */
const sliceRows = 5000;

/**
 * Test every row of the namespaces once, where it lies in the file, then put the ids of those that are selected in order.
 *
 * @param check throws when nobody wants the list any more
 */
export function buildOrderedList(
  view: Connection,
  selection: CompiledSelection,
  order: Order,
  check: () => void,
): OrderedList {
  const selected = selectRows(view, selection, check);
  check();
  const ids = new Float64Array(selected.count);
  let filled = 0;
  for (const [id] of view.stream(inOrder(queries.selectFrom("blob").select(rowId), order))) {
    if (!selected.marks[Number(id)]) continue;
    ids[filled] = Number(id);
    filled += 1;
  }
  check();
  const oneNamespace = selection.namespaces !== "*" && selection.namespaces.length === 1;
  const bytes = oneNamespace ? selected.bytes : selected.bytes - twice(view, selected);
  return { ids, totals: { count: selected.count, bytes } };
}

/** Rows of a selection, by row id. */
interface SelectedRows {
  readonly marks: Uint8Array;
  /** Bytes of each. */
  readonly sizes: Float64Array;
  readonly count: number;
  /** Their sum: bytes that two namespaces hold count twice. */
  readonly bytes: number;
}

function selectRows(
  view: Connection,
  { whole, covers, selectsBlob }: CompiledSelection,
  check: () => void,
): SelectedRows {
  const last = view.first(queries.selectFrom("blob").select(sql<number | null>`max(rowid)`.as("id")))?.id ?? 0;
  const marks = new Uint8Array(last + 1);
  const sizes = new Float64Array(last + 1);
  let count = 0;
  let bytes = 0;
  for (const rows of slices(view, whole)) {
    check();
    for (const row of rows) {
      if (whole ? !covers(row) : !selectsBlob(row)) continue;
      marks[row.id] = 1;
      sizes[row.id] = row.info.size;
      count += 1;
      bytes += row.info.size;
    }
  }
  return { marks, sizes, count, bytes };
}

/** Every row there is, in the order of the file. @param bare without its labels, which are most of it */
function* slices(view: Connection, bare: boolean): Generator<readonly ScannedBlob[], void, undefined> {
  let last = -1;
  for (;;) {
    const query = queries
      .selectFrom("blob")
      .select([rowId, "namespace", "digest", "size", "created_at", "updated_at"])
      .$if(!bare, (all) => all.select("labels"))
      .where(sql`rowid`, ">", last)
      .orderBy(sql`rowid`)
      .limit(sliceRows);
    const rows = view.arrays(query).map((values) => new ScannedBlob(values));
    if (rows.length > 0) yield rows;
    if (rows.length < sliceRows) return;
    last = rows.at(-1)?.id ?? last;
  }
}

/** What the sum of all sizes has too much, because several selected rows have one digest. */
function twice(view: Connection, { marks, sizes }: SelectedRows): number {
  const shared = queries.selectFrom("blob").select("digest").groupBy("digest").having(sql`count(*)`, ">", 1);
  const query = queries.selectFrom("blob").select([rowId, "digest"]).where("digest", "in", shared).orderBy("digest");
  let bytes = 0;
  let counted: unknown;
  for (const [id, digest] of view.stream(query)) {
    if (!marks[Number(id)]) continue;
    if (digest === counted) bytes += sizes[Number(id)] ?? 0;
    counted = digest;
  }
  return bytes;
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
