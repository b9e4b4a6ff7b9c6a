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

/** Make an order total, so that it says the place of every row. */
const lastKeys: readonly OrderKey[] = [
  { field: "digest", descending: false },
  { field: "namespace", descending: false },
];

/**
 * Read an order such as `size desc, digest` (AIP-132): one or two fields, each with an optional ` desc`.
 *
 * @returns the named keys; `digest` for an empty text
 * @throws `invalid-argument` for an unknown field, one that is named twice, and more than two
 */
export function parseOrder(text: string): readonly OrderKey[] {
  if (text.trim() === "") return lastKeys.slice(0, 1);
  const keys = text.split(",").map((part) => parseKey(part.trim(), text));
  if (keys.length > maxKeys) {
    throw new ContentError("invalid-argument", `order_by ${JSON.stringify(text)} has more than ${maxKeys} fields`);
  }
  if (new Set(keys.map((key) => key.field)).size < keys.length) {
    throw new ContentError("invalid-argument", `order_by ${JSON.stringify(text)} names a field twice`);
  }
  return keys;
}

/** A comparison of rows by that order, then by digest and namespace: 0 for the same row only. */
export function compareBy(order: readonly OrderKey[]): (a: Row, b: Row) => number {
  const keys = [...order, ...lastKeys];
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
