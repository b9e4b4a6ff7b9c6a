import { sql } from "kysely";
import { compareBy } from "../../../content/order.ts";
import type { CompiledSelection } from "../../feed/selection.ts";
import { inOrder, rowId } from "../blob-pages.ts";
import type { StoredBlob } from "../blobs.ts";
import type { Connection } from "../database/connection.ts";
import { queries } from "../database/queries.ts";
import type { Order, Totals } from "../metadata.ts";
import { candidates } from "./candidates.ts";
import type { ScannedBlob } from "./scanned-blob.ts";

/** A selection whose rows have no index of their own: their ids in the order, 8 bytes a row, and what they count. */
export interface OrderedList {
  readonly ids: Float64Array;
  readonly totals: Totals;
}

/** Selected rows that are held and sorted here; more are marked, and an index of all rows gives their order. */
const heldRows = 50_000;

/**
 * Test the rows that may be selected once, where they lie in the file, then put the ids of those that are in order.
 *
 * @param check throws when nobody wants the list any more
 */
export function buildOrderedList(
  view: Connection,
  selection: CompiledSelection,
  order: Order,
  check: () => void,
): OrderedList {
  const { whole, covers, selectsBlob } = selection;
  const held: ScannedBlob[] = [];
  let marked: Marked | undefined;
  for (const rows of candidates(view, selection)) {
    check();
    const selected = rows.filter((row) => (whole ? covers(row) : selectsBlob(row)));
    if (marked === undefined && held.length + selected.length > heldRows) {
      marked = createMarked(view);
      for (const row of held.splice(0)) marked.add(row);
    }
    if (marked === undefined) held.push(...selected);
    else for (const row of selected) marked.add(row);
  }
  return marked === undefined ? sortHeld(held, order) : marked.inOrder(order, check);
}

function sortHeld(rows: ScannedBlob[], order: Order): OrderedList {
  const sizes = new Map(rows.map(({ digest, size }) => [digest, size]));
  const bytes = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  const ids = Float64Array.from(rows.sort(compareBy(order)), ({ id }) => id);
  return { ids, totals: { count: ids.length, bytes } };
}

/** Selected rows by row id, when there are many. */
interface Marked {
  add(row: ScannedBlob): void;
  inOrder(order: Order, check: () => void): OrderedList;
}

function createMarked(view: Connection): Marked {
  const last = view.first(queries.selectFrom("blob").select(sql<number | null>`max(rowid)`.as("id")))?.id ?? 0;
  const marks = new Uint8Array(last + 1);
  const sizes = new Float64Array(last + 1);
  let count = 0;
  let bytes = 0;

  /** What the sum of all sizes has too much, because several marked rows have one digest. */
  function twice(): number {
    const shared = queries.selectFrom("blob").select("digest").groupBy("digest").having(sql`count(*)`, ">", 1);
    const query = queries.selectFrom("blob").select([rowId, "digest"]).where("digest", "in", shared).orderBy("digest");
    let surplus = 0;
    let counted: unknown;
    for (const [id, digest] of view.stream(query)) {
      if (!marks[Number(id)]) continue;
      if (digest === counted) surplus += sizes[Number(id)] ?? 0;
      counted = digest;
    }
    return surplus;
  }

  return {
    add({ id, size }) {
      marks[id] = 1;
      sizes[id] = size;
      count += 1;
      bytes += size;
    },
    inOrder(order, check) {
      check();
      const ids = new Float64Array(count);
      let filled = 0;
      for (const [id] of view.stream(inOrder(queries.selectFrom("blob").select(rowId), order))) {
        if (!marks[Number(id)]) continue;
        ids[filled] = Number(id);
        filled += 1;
      }
      check();
      return { ids, totals: { count, bytes: bytes - twice() } };
    },
  };
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
