import type { SQLOutputValue } from "node:sqlite";
import type { ExpressionBuilder, ExpressionWrapper, SelectQueryBuilder, SqlBool } from "kysely";
import { sql } from "kysely";
import { microsOf } from "../../content/instant.ts";
import { compareBy, totalOrder } from "../../content/order.ts";
import type { BlobRow } from "../feed/change.ts";
import type { StoredBlob } from "./blobs.ts";
import { blobFromColumns } from "./blobs.ts";
import type { Connection } from "./database/connection.ts";
import { queries } from "./database/queries.ts";
import type { Schema } from "./database/schema.ts";
import type { Namespaces, Order } from "./set.ts";

/** Names a row in the file. */
export const rowId = sql<number>`rowid`.as("id");

/** Rows of one page, at most. */
const maxRows = 1000;

type Column = "digest" | "namespace" | "size" | "created_at" | "updated_at";

/** A sort key as the table has it, with its value in the row that a page begins after. */
interface Key {
  readonly column: Column;
  readonly descending: boolean;
  readonly valueIn: (row: BlobRow) => string | number;
}

type Condition = ExpressionWrapper<Schema, "blob", SqlBool>;

const columns: Readonly<Record<Order[number]["field"], Omit<Key, "descending">>> = {
  digest: { column: "digest", valueIn: ({ info }) => info.digest },
  namespace: { column: "namespace", valueIn: ({ namespace }) => namespace },
  size: { column: "size", valueIn: ({ info }) => info.size },
  createdAt: { column: "created_at", valueIn: ({ info }) => microsOf(info.createdAt) },
  updatedAt: { column: "updated_at", valueIn: ({ info }) => microsOf(info.updatedAt) },
};

/** The next rows of a view; see Snapshot.page. */
export function readPage(
  view: Connection,
  namespaces: Namespaces,
  order: Order,
  after: BlobRow | undefined,
  limit: number,
  including = false,
): readonly BlobRow[] {
  const wanted = Math.min(limit, maxRows);
  const scopes = namespaces === "*" ? [undefined] : namespaces;
  const parts = scopes.map((scope) =>
    readStoredPage(view, scope, order, after, wanted, 0, including).map(blobFromColumns),
  );
  if (parts.length === 1) return parts[0] ?? [];
  // Each namespace has an index of its own in that order; over several of them there is none.
  return parts.flat().sort(compareBy(order)).slice(0, wanted);
}

/**
 * Rows of one namespace, or of all of them, as the table has them.
 *
 * @param namespace absent: all
 * @param skip rows to leave out after `after`
 * @param including begin with `after` itself, where it is there
 */
export function readStoredPage(
  view: Connection,
  namespace: string | undefined,
  order: Order,
  after: BlobRow | undefined,
  limit: number,
  skip: number,
  including = false,
): readonly StoredBlob[] {
  // Rows are sorted and left out by what an index holds of them; only those of the page are read.
  let query = inOrder(queries.selectFrom("blob").select(rowId).limit(limit).offset(skip), order);
  if (namespace !== undefined) query = query.where("namespace", "=", namespace);
  if (after !== undefined) query = query.where((eb) => rowsBehind(eb, keysOf(order), after, including));
  return view.all(inOrder(queries.selectFrom("blob").selectAll().where(sql`rowid`, "in", query), order));
}

/**
 * The row ids of the next rows of a view, in order, as its indexes have them; no row is read.
 *
 * @param after absent: from the first
 * @param including begin with that row itself, where it is there
 */
export function readIds(
  view: Connection,
  namespaces: Namespaces,
  order: Order,
  after: BlobRow | undefined,
  including: boolean,
  limit: number,
): readonly number[] {
  const keys = keysOf(order);
  const scopes = namespaces === "*" ? [undefined] : namespaces;
  const parts = scopes.map((scope) => {
    let query = inOrder(queries.selectFrom("blob").select(rowId).limit(limit), order);
    for (const { column } of keys) query = query.select(column) as typeof query;
    if (scope !== undefined) query = query.where("namespace", "=", scope);
    if (after !== undefined) query = query.where((eb) => rowsBehind(eb, keys, after, including));
    return view.arrays(query);
  });
  const rows = parts.length === 1 ? (parts[0] ?? []) : parts.flat().sort(compareKeys(keys)).slice(0, limit);
  return rows.map(([id]) => Number(id));
}

/** Compares rows whose keys stand behind their ids. */
function compareKeys(keys: readonly Key[]): (a: readonly SQLOutputValue[], b: readonly SQLOutputValue[]) => number {
  return (a, b) => {
    for (const [index, { descending }] of keys.entries()) {
      const [one, other] = [a[index + 1] ?? 0, b[index + 1] ?? 0];
      if (one !== other) return one < other === descending ? 1 : -1;
    }
    return 0;
  };
}

/** The query with its rows in that order. */
export function inOrder<Row>(query: SelectQueryBuilder<Schema, "blob", Row>, order: Order): typeof query {
  return keysOf(order).reduce(
    (ordered, { column, descending }) => ordered.orderBy(column, descending ? "desc" : "asc"),
    query,
  );
}

/** The keys of an order, made total, as columns. */
function keysOf(order: Order): readonly Key[] {
  return totalOrder(order).map(({ field, descending }) => ({ ...columns[field], descending }));
}

/** True for rows behind one. Where all keys go one way, it is one comparison that an index can begin at. */
function rowsBehind(
  eb: ExpressionBuilder<Schema, "blob">,
  keys: readonly Key[],
  after: BlobRow,
  including: boolean,
): Condition {
  const [first] = keys;
  if (keys.some(({ descending }) => descending !== first?.descending)) {
    return eb.and([fromFirstKey(eb, keys, after), behind(eb, keys, after, including)]);
  }
  const row = eb.refTuple(...(keys.map(({ column }) => column) as [Column, Column]));
  const values = eb.tuple(...(keys.map(({ valueIn }) => valueIn(after)) as [string | number, string | number]));
  return eb(row, beyond(first?.descending ?? false, including), values as never);
}

/** Says nothing new, but is what an index can begin at. */
function fromFirstKey(eb: ExpressionBuilder<Schema, "blob">, [first]: readonly Key[], after: BlobRow): Condition {
  if (first === undefined) throw new Error("an order has at least one key");
  return eb(first.column, beyond(first.descending, true), first.valueIn(after));
}

/** True for rows behind one: larger in a key, and the same in all keys before it. */
function behind(
  eb: ExpressionBuilder<Schema, "blob">,
  [key, ...rest]: readonly Key[],
  after: BlobRow,
  including: boolean,
): Condition {
  if (key === undefined) return eb.lit(including) as unknown as Condition;
  const { column, descending } = key;
  const value = key.valueIn(after);
  if (rest.length === 0) return eb(column, beyond(descending, including), value);
  const same = eb.and([eb(column, "=", value), behind(eb, rest, after, including)]);
  return eb.or([eb(column, beyond(descending, false), value), same]);
}

/** How a value compares with the one that rows are to be behind, or at. */
function beyond(descending: boolean, including: boolean): "<" | "<=" | ">" | ">=" {
  if (including) return descending ? "<=" : ">=";
  return descending ? "<" : ">";
}
