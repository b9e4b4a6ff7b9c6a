import { compareBy } from "../../../content/order.ts";
import { compileSelection } from "../../feed/selection.ts";
import { readStoredPage } from "../blob-pages.ts";
import { blobFromColumns } from "../blobs.ts";
import type { Connection } from "../database/connection.ts";
import { readTotals } from "../totals.ts";
import type { PageKey, PageQuery, StoredPage } from "./job.ts";
import type { KeptLists } from "./kept-lists.ts";
import type { OrderedList } from "./ordered-list.ts";
import { buildOrderedList, readRows } from "./ordered-list.ts";

/** Characters of the labels of one page: what its message may have, whatever they are in UTF-8. One row may have more. */
const maxLabels = 4 * 1024 * 1024;

/**
 * One page, with what the whole selection counts. It ends early where labels are very long.
 *
 * @param view of one moment
 * @param check throws when nobody wants the page any more
 * @throws what compileSelection throws
 */
export function listPage(view: Connection, lists: KeptLists, query: PageQuery, check: () => void): StoredPage {
  const { namespaces, order, limit, skip, after } = query;
  const names = namespaces === "*" ? ["*"] : namespaces;
  const selection = compileSelection({ ...query.selection, namespaces: names }, undefined);
  if (selection.whole && names.length === 1) {
    const scope = namespaces === "*" ? undefined : namespaces[0];
    const rows = readStoredPage(view, scope, order, after && keyRow(after), limit + 1, skip);
    return cut({ rows: rows.slice(0, limit), totals: readTotals(view, namespaces), more: rows.length > limit });
  }
  const name = JSON.stringify([query.selection, namespaces, order]);
  const list = lists.get(view, name, () => buildOrderedList(view, selection, order, check));
  const first = (after === undefined ? 0 : placeAfter(view, list, query, after)) + skip;
  const rows = readRows(view, list.ids.subarray(first, first + limit));
  return cut({ rows, totals: list.totals, more: list.ids.length > first + limit });
}

/** The page up to where its labels are too long for one message. */
function cut(page: StoredPage): StoredPage {
  let characters = 0;
  const end = page.rows.findIndex(({ labels }) => (characters += labels.length) > maxLabels);
  return end < 0
    ? page
    : { ...page, rows: page.rows.slice(0, Math.max(1, end)), more: page.more || page.rows.length > 1 };
}

/** Index of the first row behind a key, by halves: each look is one row. */
function placeAfter(view: Connection, { ids }: OrderedList, { order }: PageQuery, after: PageKey): number {
  const compare = compareBy(order);
  const key = keyRow(after);
  let low = 0;
  let high = ids.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const [row] = readRows(view, ids.subarray(middle, middle + 1));
    // A row that is gone says nothing; its neighbour is as good.
    if (row !== undefined && compare(blobFromColumns(row), key) > 0) high = middle;
    else low = middle + 1;
  }
  return low;
}

function keyRow(key: PageKey) {
  return blobFromColumns({ ...key, labels: "{}" });
}
