import { ContentError } from "./errors.ts";
import { validateNamespace } from "./identifiers.ts";
import { microsOf, toMoment } from "./instant.ts";
import type { OrderKey } from "./order.ts";
import { totalOrder } from "./order.ts";
import { parseDigest } from "./parse-digest.ts";
import type { Blob } from "./remote/events.ts";

/** Neither a digest nor a namespace has it. */
const separator = ",";

/**
 * Where a row stands in an order, as text: its values of the keys of the order, made total, with commas between them. Sizes
 * are bytes, times microseconds since 1970: `4096,sha256:…,k8s.io` for `size`.
 */
export function formatRowKey(order: readonly OrderKey[], { namespace, info }: Blob): string {
  return totalOrder(order)
    .map(({ field }) => {
      if (field === "namespace") return namespace;
      const value = info[field];
      return String(value instanceof Date ? microsOf(value) : value);
    })
    .join(separator);
}

/**
 * A row that stands where that text says. It need not exist, and what the order does not ask of it is empty.
 *
 * @throws `invalid-argument` for a text that formatRowKey does not make for that order
 */
export function parseRowKey(order: readonly OrderKey[], text: string): Blob {
  const fields = totalOrder(order).map(({ field }) => field);
  const values = text.split(separator);
  const textIn = (field: OrderKey["field"]): string => values[fields.indexOf(field)] ?? "";
  const numberIn = (field: OrderKey["field"]): number => (fields.includes(field) ? parseNumber(textIn(field)) : 0);
  try {
    if (values.length !== fields.length) throw new ContentError("invalid-argument", "it has other parts");
    const namespace = textIn("namespace");
    validateNamespace(namespace);
    return {
      namespace,
      info: {
        digest: parseDigest(textIn("digest")),
        size: numberIn("size"),
        createdAt: toMoment(numberIn("createdAt")),
        updatedAt: toMoment(numberIn("updatedAt")),
        labels: {},
      },
    };
  } catch (cause) {
    const named = fields.join(separator);
    throw new ContentError("invalid-argument", `start_at is no key of this order, which is ${named}`, { cause });
  }
}

function parseNumber(text: string): number {
  const number = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(number)) throw new ContentError("invalid-argument", "it is no whole number");
  return number;
}
