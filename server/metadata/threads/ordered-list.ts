import { sql } from "kysely";
import { compareBy } from "../../../content/order.ts";
import type { CompiledSelection } from "../../feed/selection.ts";
import { inOrder, rowId } from "../blob-pages.ts";
import type { StoredBlob } from "../blobs.ts";
import type { Connection } from "../database/connection.ts";
import { queries } from "../database/queries.ts";
import type { Namespaces, Order, Totals } from "../set.ts";
import { candidates } from "./candidates.ts";
import type { ScannedBlob } from "./scanned-blob.ts";
import type { Tally } from "./tally.ts";
import { createTally } from "./tally.ts";

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
  let marked: Tally | undefined;
  for (const rows of candidates(view, selection)) {
    check();
    const selected = rows.filter((row) => (whole ? covers(row) : selectsBlob(row)));
    if (marked === undefined && held.length + selected.length > heldRows) {
      marked = createTally(view);
      for (const row of held.splice(0)) marked.add(row);
    }
    if (marked === undefined) held.push(...selected);
    else for (const row of selected) marked.add(row);
  }
  return marked === undefined ? sortHeld(held, order) : marksInOrder(view, marked, order, selection.namespaces, check);
}

function sortHeld(rows: ScannedBlob[], order: Order): OrderedList {
  const sizes = new Map(rows.map(({ digest, size }) => [digest, size]));
  const bytes = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  const ids = Float64Array.from(rows.sort(compareBy(order)), ({ id }) => id);
  return { ids, totals: { count: ids.length, bytes } };
}

/** The marked rows in that order, as the index of all rows has them. */
function marksInOrder(
  view: Connection,
  marked: Tally,
  order: Order,
  namespaces: Namespaces,
  check: () => void,
): OrderedList {
  check();
  const ids = new Float64Array(marked.rows.count);
  let filled = 0;
  for (const [id] of view.stream(inOrder(queries.selectFrom("blob").select(rowId), order))) {
    if (!marked.has(Number(id))) continue;
    ids[filled] = Number(id);
    filled += 1;
  }
  check();
  return { ids, totals: marked.totals(namespaces) };
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
