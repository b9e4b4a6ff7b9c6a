import { describe, expect, test } from "vitest";
import type { Digest } from "../../../content/digest.ts";
import type { BlobWatch } from "../../../server/feed/watch-blobs.ts";
import { fill, openWatch } from "./opened-watch.ts";
import { quick } from "./reader.ts";
import type { Table } from "./table.ts";
import { createTable, digestOf } from "./table.ts";

/** So many digests that come after every row of the table. */
function digestsBehind(table: Table, count: number): readonly Digest[] {
  const greatest = table.rows().reduce((so, { info }) => (info.digest > so ? info.digest : so), "");
  const digests: Digest[] = [];
  for (let number = 1000; digests.length < count; number += 1) {
    if (digestOf(number) > greatest) digests.push(digestOf(number));
  }
  return digests;
}

describe("the first set", () => {
  test("begins, comes in the order asked for, and ends in a bookmark with exact totals", async () => {
    const table = createTable();
    fill(table, 30);
    const reader = openWatch(table, { orderBy: "size desc" }, { pageRows: 7 });
    expect(await reader.next()).toEqual({ kind: "begin", reason: "initial", heartbeatMs: quick.heartbeatMs });
    await reader.complete();
    expect(reader.rows().map(({ info }) => info.size)).toEqual(Array.from({ length: 30 }, (_, index) => 29 - index));
    expect(reader.bookmark).toMatchObject({ selected: { count: 30, bytes: 435 }, whole: { count: 30, bytes: 435 } });
  });

  test("begins before any row is read, and sends rows before the last one is", async () => {
    const table = createTable();
    fill(table, 30);
    const reader = openWatch(table, {}, { pageRows: 5 });
    await reader.next();
    expect(table.pages).toBe(0);
    await reader.next();
    expect(table.pages).toBe(1);
  });

  test("comes in messages that long labels do not make longer than they may be", async () => {
    const table = createTable();
    for (let number = 0; number < 12; number += 1) table.put("a", digestOf(number), 1, { text: "x".repeat(10_000) });
    const reader = openWatch(table, { follow: false }, { batchBytes: 70_000, heartbeatMs: 60_000 });
    await reader.until((event) => event.kind === "end");
    expect(reader.kinds).toEqual(["begin", "blobs", "blobs", "blobs", "blobs", "bookmark", "end"]);
    expect(reader.blobs.size).toBe(12);
  });

  test("ends with a bookmark and an end when it does not follow", async () => {
    const table = createTable();
    const reader = openWatch(table, { follow: false }, { heartbeatMs: 60_000 });
    await reader.until((event) => event.kind === "end");
    expect(reader.kinds).toEqual(["begin", "bookmark", "end"]);
    expect(await reader.next()).toBeUndefined();
    expect(table.feed.watched).toBe(false);
  });

  test("includes what was written while it was on its way, once", async () => {
    const table = createTable();
    fill(table, 20);
    const reader = openWatch(table, { follow: false }, { pageRows: 5 });
    await reader.until((event) => event.kind === "blobs");
    for (const number of [100, 101, 102]) table.put("a", digestOf(number), 1);
    for (const number of [0, 1, 2]) table.remove("a", digestOf(number));
    await reader.until((event) => event.kind === "end");
    expect(new Set(reader.blobs.keys())).toEqual(new Set(table.rows().map((row) => `a ${row.info.digest}`)));
    reader.expectExact();
  });

  test("waits for changes that a view had before they were told, and ends without what was removed meanwhile", async () => {
    const table = createTable();
    fill(table, 20);
    const reader = openWatch(table, {}, { pageRows: 5 });
    await reader.until((event) => event.kind === "blobs");
    table.hold();
    // They come and go between the view that counted and the view that was told last.
    const last = digestsBehind(table, 40);
    for (const digest of last) table.put("a", digest, 1);
    await reader.until(() => reader.blobs.size === 60);
    for (const digest of last) table.remove("a", digest);
    table.tell();
    await reader.complete();
    expect(reader.blobs.size).toBe(20);
    reader.expectExact();
  });
});

describe("changes", () => {
  test("a new blob, new labels and a removal are told", async () => {
    const table = createTable();
    const reader = openWatch(table);
    await reader.complete();
    table.put("a", digestOf(1), 10);
    await reader.until((event) => event.kind === "blobs");
    table.put("a", digestOf(1), 10, { tier: "gold" });
    await reader.until((event) => event.kind === "blobs");
    expect(reader.rows()[0]?.info.labels).toEqual({ tier: "gold" });
    table.remove("a", digestOf(1));
    expect(await reader.until((event) => event.kind === "removed")).toMatchObject({ leftSelection: false });
    await reader.until((event) => event.kind === "bookmark");
    reader.expectExact();
  });

  test("many changes of a row within the interval are told as one, the latest", async () => {
    const table = createTable();
    const reader = openWatch(table);
    await reader.complete();
    table.put("a", digestOf(1), 10, { step: "0" });
    await reader.until((event) => event.kind === "blobs");
    for (let step = 1; step <= 50; step += 1) table.put("a", digestOf(1), 10, { step: String(step) });
    await reader.until((event) => event.kind === "blobs");
    expect(reader.rows()[0]?.info.labels).toEqual({ step: "50" });
    expect(reader.kinds.filter((kind) => kind === "blobs")).toHaveLength(2);
  });

  test("a blob whose labels no longer match leaves the selection, and is still stored", async () => {
    const table = createTable();
    table.put("a", digestOf(1), 10, { tier: "gold" });
    table.put("a", digestOf(2), 5, { tier: "iron" });
    const reader = openWatch(table, { selection: { filters: ["labels.tier==gold"] } });
    await reader.complete();
    expect(reader.bookmark).toMatchObject({ selected: { count: 1, bytes: 10 }, whole: { count: 2, bytes: 15 } });
    table.put("a", digestOf(1), 10, { tier: "tin" });
    expect(await reader.until((event) => event.kind === "removed")).toMatchObject({ leftSelection: true });
    await reader.until((event) => event.kind === "bookmark");
    expect(reader.bookmark).toMatchObject({ selected: { count: 0, bytes: 0 }, whole: { count: 2, bytes: 15 } });
  });

  test("the regexp is searched in the digest and in key=value of labels", async () => {
    const table = createTable();
    table.put("a", digestOf(1), 1, { tier: "gold" });
    table.put("a", digestOf(2), 1);
    const byLabel = openWatch(table, { selection: { regexp: "tier=g.ld" } });
    await byLabel.complete();
    expect(byLabel.rows().map(({ info }) => info.digest)).toEqual([digestOf(1)]);
    const byDigest = openWatch(table, { selection: { regexp: digestOf(2).slice(7, 15) } });
    await byDigest.complete();
    expect(byDigest.rows().map(({ info }) => info.digest)).toEqual([digestOf(2)]);
  });

  test("several namespaces: rows count each, bytes once a digest", async () => {
    const table = createTable();
    for (const namespace of ["a", "b", "c"]) table.put(namespace, digestOf(1), 10);
    const reader = openWatch(table, { selection: { namespaces: ["a", "b"] } });
    await reader.complete();
    expect(reader.bookmark?.selected).toEqual({ count: 2, bytes: 10 });
    table.remove("a", digestOf(1));
    await reader.until((event) => event.kind === "bookmark" && event.selected.count === 1);
    expect(reader.bookmark?.selected).toEqual({ count: 1, bytes: 10 });
    table.remove("b", digestOf(1));
    await reader.until((event) => event.kind === "bookmark" && event.selected.count === 0);
    expect(reader.bookmark?.selected).toEqual({ count: 0, bytes: 0 });
  });

  test("every namespace is followed with *, also one that is new", async () => {
    const table = createTable();
    const reader = openWatch(table, { selection: { namespaces: ["*"] }, namespace: undefined });
    await reader.complete();
    table.put("fresh", digestOf(1), 10);
    await reader.until((event) => event.kind === "blobs");
    expect(reader.rows()[0]?.namespace).toBe("fresh");
  });

  test("other namespaces are not told", async () => {
    const table = createTable();
    const reader = openWatch(table);
    await reader.complete();
    table.put("b", digestOf(1), 10);
    table.put("a", digestOf(2), 10);
    await reader.until((event) => event.kind === "bookmark" && event.selected.count > 0);
    expect(reader.rows().map(({ namespace }) => namespace)).toEqual(["a"]);
  });
});

describe("a window that begins at a row", () => {
  const startAt = (size: number) => `${size},${digestOf(size)},a`;
  const sizes = (reader: ReturnType<typeof openWatch>) => reader.rows().map(({ info }) => info.size);

  test("holds the rows from there on in the order, and counts the whole selection", async () => {
    const table = createTable();
    fill(table, 30);
    const reader = openWatch(table, { orderBy: "size desc", limit: 4, startAt: startAt(20) }, { pageRows: 3 });
    await reader.complete();
    expect(sizes(reader)).toEqual([20, 19, 18, 17]);
    expect(reader.bookmark?.selected).toEqual({ count: 30, bytes: 435 });
  });

  test("keeps its place when its first row goes, and when rows come before it", async () => {
    const table = createTable();
    fill(table, 30);
    const reader = openWatch(table, { orderBy: "size desc", limit: 3, startAt: startAt(20) });
    await reader.complete();
    table.put("a", digestOf(99), 99);
    table.remove("a", digestOf(20));
    await reader.until(() => reader.blobs.size === 3 && !sizes(reader).includes(20));
    expect(sizes(reader)).toEqual([19, 18, 17]);
    await reader.until((event) => event.kind === "bookmark");
    table.put("a", digestOf(20), 20);
    await reader.until(() => sizes(reader).includes(20) && reader.blobs.size === 3);
    expect(new Set(sizes(reader))).toEqual(new Set([20, 19, 18]));
  });

  test("begins at the next row where that one is not there, and is empty behind the last", async () => {
    const table = createTable();
    fill(table, 10);
    table.remove("a", digestOf(5));
    const [next, none] = [5, 99].map((size) => openWatch(table, { orderBy: "size", limit: 2, startAt: startAt(size) }));
    await next?.complete();
    expect(next && sizes(next)).toEqual([6, 7]);
    await none?.complete();
    expect(none?.blobs.size).toBe(0);
    table.put("a", digestOf(99), 99);
    await none?.until((event) => event.kind === "blobs");
    expect(none && sizes(none)).toEqual([99]);
  });
});

describe("what is refused", () => {
  test.for<[string, Partial<BlobWatch>, string, string]>([
    ["a filter", { selection: { filters: ["labels.=="] } }, "invalid-argument", "filters"],
    ["a regexp", { selection: { regexp: "(" } }, "invalid-argument", "error parsing regexp"],
    ["a namespace", { selection: { namespaces: ["a b"] } }, "invalid-argument", "namespace validation"],
    ["* beside a name", { selection: { namespaces: ["*", "a"] } }, "invalid-argument", "* stands alone"],
    ["no namespace", { namespace: undefined }, "failed-precondition", "namespace is required"],
    ["an order", { orderBy: "colour" }, "invalid-argument", "order_by"],
    ["a negative limit", { limit: -1 }, "invalid-argument", "limit -1"],
    ["a large limit", { limit: 1001 }, "invalid-argument", "limit 1001"],
    ["a start", { startAt: "1", limit: 5 }, "invalid-argument", "start_at"],
    [
      "a start of another order",
      { startAt: `${digestOf(1)},a`, orderBy: "size", limit: 5 },
      "invalid-argument",
      "size",
    ],
    ["a start without a limit, so", { startAt: `${digestOf(1)},a` }, "invalid-argument", "without a limit"],
    ["a short interval", { minIntervalMs: 99 }, "invalid-argument", "min_interval"],
    ["a long interval", { minIntervalMs: 60_001 }, "invalid-argument", "min_interval"],
  ])("%s that is none", ([, watch, kind, text]) => {
    const table = createTable();
    expect(() => openWatch(table, watch)).toThrowError(
      expect.objectContaining({ kind, message: expect.stringContaining(text) }),
    );
    expect(table.feed.watched).toBe(false);
  });
});
