import { compareBy } from "../../content/order.ts";
import type { Order } from "../metadata/set.ts";
import type { BlobRow } from "./change.ts";

/** Names a row among all. */
export function rowKey(namespace: string, digest: string): string {
  return `${namespace} ${digest}`;
}

/**
 * Rows of a set that follow one another in an order, as a reader holds them: what is known from where it begins up to a
 * place, and nothing beyond it.
 * It keeps what the order needs of each row, without labels.
 */
export interface Window {
  /** Rows that are missing and may be there behind `place`; 0 when the window is full, or holds all there is. */
  readonly missing: number;
  /** Every selected row from its begin up to here is in the window; absent: every one there is, or none was looked for. */
  readonly place: BlobRow | undefined;
  /** True when that row is inside. */
  holds(namespace: string, digest: string): boolean;
  /**
   * Take in selected rows of a scan that goes on behind `place`.
   *
   * @param last where the scan stands; absent: at the end of the set
   * @returns the rows that had room
   */
  extend(rows: readonly BlobRow[], last: BlobRow | undefined): readonly BlobRow[];
  /** A selected row as it is now. @returns true when it is inside; false: it is not, or not any more */
  put(row: BlobRow): boolean;
  /** A row is gone from the selection. */
  remove(namespace: string, digest: string): void;
  /** Take out what is beyond the limit. @returns the rows that fell out */
  trim(): readonly BlobRow[];
}

/**
 * @param limit rows, at most
 * @param start nothing before this row is inside; absent: it begins with the first
 */
export function createWindow(order: Order, limit: number, start?: BlobRow): Window {
  const compare = compareBy(order);
  const keys: BlobRow[] = [];
  const byName = new Map<string, BlobRow>();
  let place: BlobRow | undefined;
  let everything = false;

  /** Index of the first key that is not before the row. */
  function indexOf(row: BlobRow): number {
    let low = 0;
    let high = keys.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const key = keys[middle];
      if (key !== undefined && compare(key, row) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  function remove(namespace: string, digest: string): void {
    const name = rowKey(namespace, digest);
    const key = byName.get(name);
    if (key === undefined) return;
    byName.delete(name);
    keys.splice(indexOf(key), 1);
  }

  function insert(row: BlobRow): void {
    remove(row.namespace, row.info.digest);
    const key: BlobRow = { namespace: row.namespace, info: { ...row.info, labels: {} } };
    keys.splice(indexOf(key), 0, key);
    byName.set(rowKey(row.namespace, row.info.digest), key);
  }

  return {
    get missing() {
      return everything ? 0 : limit - keys.length;
    },
    get place() {
      return everything ? undefined : place;
    },
    holds: (namespace, digest) => byName.has(rowKey(namespace, digest)),
    extend(rows, last) {
      const wanted = rows.slice(0, limit - keys.length);
      for (const row of wanted) insert(row);
      everything = last === undefined;
      place = wanted.length < rows.length || keys.length === limit ? (wanted.at(-1) ?? place) : last;
      return wanted;
    },
    put(row) {
      const begun = start === undefined || compare(row, start) >= 0;
      const inside = begun && (everything || (place !== undefined && compare(row, place) <= 0));
      if (inside) insert(row);
      else remove(row.namespace, row.info.digest);
      return inside;
    },
    remove,
    trim() {
      const fallen = keys.splice(limit);
      for (const { namespace, info } of fallen) byName.delete(rowKey(namespace, info.digest));
      if (fallen.length > 0) {
        place = keys.at(-1);
        everything = false;
      }
      return fallen;
    },
  };
}
