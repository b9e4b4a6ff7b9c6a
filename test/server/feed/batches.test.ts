import { expect, test } from "vitest";
import { inBatches } from "../../../server/feed/batches.ts";
import type { BlobRow } from "../../../server/feed/change.ts";
import { rowBytes } from "../../../server/feed/row-bytes.ts";
import { digestOf } from "./table.ts";

const time = new Date(0);

function row(number: number, text = ""): BlobRow {
  const info = { digest: digestOf(number), size: 1, createdAt: time, updatedAt: time, labels: { text } };
  return { namespace: "a", info };
}

const numbers = (count: number) => Array.from({ length: count }, (_, number) => row(number));
const lengths = (batches: Iterable<readonly BlobRow[]>) => [...batches].map(({ length }) => length);

test("messages hold so many rows, and the last one the rest", () => {
  expect(lengths(inBatches(numbers(25), { batchRows: 10, batchBytes: 1e9 }))).toEqual([10, 10, 5]);
  expect(lengths(inBatches(numbers(10), { batchRows: 10, batchBytes: 1e9 }))).toEqual([10]);
  expect(lengths(inBatches([], { batchRows: 10, batchBytes: 1e9 }))).toEqual([]);
});

test("messages hold so many bytes, unless a single row has more", () => {
  const rows = [row(1), row(2, "x".repeat(5000)), row(3), row(4), row(5)];
  const batchBytes = 2 * rowBytes(row(1));
  expect(lengths(inBatches(rows, { batchRows: 10, batchBytes }))).toEqual([1, 1, 2, 1]);
  expect([...inBatches(rows, { batchRows: 10, batchBytes })].flat()).toEqual(rows);
});

test("a row takes the more the more its labels say", () => {
  expect(rowBytes(row(1, "x".repeat(1000))) - rowBytes(row(1))).toBe(2000);
});
