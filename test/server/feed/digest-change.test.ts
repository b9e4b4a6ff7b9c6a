import { expect, test } from "vitest";
import type { BlobChange, BlobRow } from "../../../server/feed/change.ts";
import { addChange, addTotals } from "../../../server/feed/digest-change.ts";
import { digestOf } from "./table.ts";

const digest = digestOf(1);
const time = new Date(0);
const everything = () => true;

function row(namespace: string, tier = ""): BlobRow {
  return { namespace, info: { digest, size: 10, createdAt: time, updatedAt: time, labels: { tier } } };
}

function change(sequence: number, facts: Partial<BlobChange> & { readonly namespace: string }): BlobChange {
  return { kind: "blob", sequence, digest, elsewhere: [], ...facts };
}

test("several changes of a digest are one, from before the first to after the last", () => {
  const first = addChange(undefined, change(7, { namespace: "a", after: row("a") }));
  const both = addChange(first, change(9, { namespace: "b", after: row("b"), elsewhere: [row("a")] }));
  expect(both.since).toBe(7);
  expect(both.before.size).toBe(0);
  expect([...both.after.keys()].toSorted()).toEqual(["a", "b"]);
  expect([...both.touched].toSorted()).toEqual(["a", "b"]);
  expect([...first.touched]).toEqual(["a"]);
});

test("bytes count once a digest, rows each", () => {
  const start = { count: 5, bytes: 100 };
  const second = addChange(undefined, change(1, { namespace: "b", after: row("b"), elsewhere: [row("a")] }));
  expect(addTotals(start, second, everything)).toEqual({ count: 6, bytes: 100 });
  const last = addChange(undefined, change(2, { namespace: "a", before: row("a") }));
  expect(addTotals(start, last, everything)).toEqual({ count: 4, bytes: 90 });
});

test("what came and went counts nothing", () => {
  const came = addChange(undefined, change(1, { namespace: "a", after: row("a") }));
  const went = addChange(came, change(2, { namespace: "a", before: row("a") }));
  expect(addTotals({ count: 0, bytes: 0 }, went, everything)).toEqual({ count: 0, bytes: 0 });
});

test("only rows that are counted count, before and after", () => {
  const gold = (one: BlobRow) => one.info.labels["tier"] === "gold";
  const turned = addChange(undefined, change(1, { namespace: "a", before: row("a"), after: row("a", "gold") }));
  expect(addTotals({ count: 0, bytes: 0 }, turned, gold)).toEqual({ count: 1, bytes: 10 });
  expect(addTotals({ count: 3, bytes: 30 }, turned, everything)).toEqual({ count: 3, bytes: 30 });
});
