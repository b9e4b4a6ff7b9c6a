import { ContentError } from "./errors.ts";
import { microsOf } from "./instant.ts";
import type { Info } from "./store.ts";

/** A sort key of blobs. */
export interface OrderKey {
  readonly field: "digest" | "namespace" | "size" | "createdAt" | "updatedAt";
  readonly descending: boolean;
}

/** What an order is over: a blob in a namespace. */
interface Row {
  readonly namespace: string;
  readonly info: Info;
}

const fieldNames: Readonly<Record<string, OrderKey["field"]>> = {
  digest: "digest",
  namespace: "namespace",
  size: "size",
  created_at: "createdAt",
  updated_at: "updatedAt",
};

/** Sort keys that one order may name. */
const maxKeys = 2;

/** They say the place of every row; no two have both alike. */
const lastFields = ["digest", "namespace"] as const;

/**
 * The order with digest and namespace behind the keys that it names, where it does not name them: then it says the place of
 * every row. They go the way of the last named key, so that one index serves both ways.
 */
export function totalOrder(order: readonly OrderKey[]): readonly OrderKey[] {
  const descending = order.at(-1)?.descending ?? false;
  const missing = lastFields.filter((field) => !order.some((key) => key.field === field));
  return [...order, ...missing.map((field) => ({ field, descending }))];
}

/**
 * Read an order such as `size desc, digest` (AIP-132): one or two fields, each with an optional ` desc`.
 *
 * @returns the named keys; `digest` for an empty text
 * @throws `invalid-argument` for an unknown field, one that is named twice, and more than two
 */
export function parseOrder(text: string): readonly OrderKey[] {
  if (text.trim() === "") return [{ field: "digest", descending: false }];
  const keys = text.split(",").map((part) => parseKey(part.trim(), text));
  if (keys.length > maxKeys) {
    throw new ContentError("invalid-argument", `order_by ${JSON.stringify(text)} has more than ${maxKeys} fields`);
  }
  if (new Set(keys.map((key) => key.field)).size < keys.length) {
    throw new ContentError("invalid-argument", `order_by ${JSON.stringify(text)} names a field twice`);
  }
  return keys;
}

/** A comparison of rows by that order, made total: 0 for the same row only. */
export function compareBy(order: readonly OrderKey[]): (a: Row, b: Row) => number {
  const keys = totalOrder(order);
  return (a, b) => {
    for (const { field, descending } of keys) {
      const difference = compare(valueIn(a, field), valueIn(b, field));
      if (difference !== 0) return descending ? -difference : difference;
    }
    return 0;
  };
}

function parseKey(part: string, text: string): OrderKey {
  const [name = "", direction, ...rest] = part.split(/\s+/);
  const field = Object.hasOwn(fieldNames, name) ? fieldNames[name] : undefined;
  if (field === undefined || rest.length > 0 || (direction !== undefined && direction !== "desc")) {
    throw new ContentError(
      "invalid-argument",
      `order_by ${JSON.stringify(text)} cannot order by ${JSON.stringify(part)}`,
    );
  }
  return { field, descending: direction === "desc" };
}

function valueIn(row: Row, field: OrderKey["field"]): string | number {
  if (field === "namespace") return row.namespace;
  const value = row.info[field];
  return value instanceof Date ? microsOf(value) : value;
}

function compare(a: string | number, b: string | number): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
