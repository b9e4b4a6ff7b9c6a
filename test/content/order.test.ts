import { expect, test } from "vitest";
import { compareBy, parseOrder } from "../../content/order.ts";
import { parseDigest } from "../../content/parse-digest.ts";

test.each([
  ["", [{ field: "digest", descending: false }]],
  ["size", [{ field: "size", descending: false }]],
  [
    " created_at  desc , namespace ",
    [
      { field: "createdAt", descending: true },
      { field: "namespace", descending: false },
    ],
  ],
  [
    "updated_at desc,digest desc",
    [
      { field: "updatedAt", descending: true },
      { field: "digest", descending: true },
    ],
  ],
])("%j is an order", (text, order) => {
  expect(parseOrder(text)).toEqual(order);
});

test.each([
  "name",
  "size asc",
  "size desc desc",
  "size,",
  ",",
  "size,digest,namespace",
  "size,size desc",
  "constructor",
  "createdAt",
])("%j is none", (text) => {
  expect(() => parseOrder(text)).toThrow(expect.objectContaining({ kind: "invalid-argument" }));
});

test("rows that are equal in the keys are told apart by digest, then namespace, the way of the last key", () => {
  const at = new Date(0);
  const row = (namespace: string, hex: string, size: number) => {
    return {
      namespace,
      info: { digest: parseDigest(`sha256:${hex.repeat(64)}`), size, createdAt: at, updatedAt: at, labels: {} },
    };
  };
  const rows = [row("n", "b", 1), row("n", "a", 1), row("m", "a", 1), row("z", "f", 2)];
  const sorted = rows.toSorted(compareBy(parseOrder("size desc")));
  expect(sorted.map(({ namespace, info }) => namespace + info.digest.slice(7, 8))).toEqual(["zf", "nb", "na", "ma"]);
});
