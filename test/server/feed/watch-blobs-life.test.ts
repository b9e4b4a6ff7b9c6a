import { expect, test } from "vitest";
import { fill, openWatch } from "./opened-watch.ts";
import { createTable, digestOf, totalsOf } from "./table.ts";

test("a bookmark comes at every heartbeat while nothing happens", async () => {
  const reader = openWatch(createTable());
  await reader.complete();
  for (const _ of [1, 2, 3]) expect(await reader.next()).toMatchObject({ kind: "bookmark", complete: true });
});

test("a slow reader gets the set again, and what waits for it is bounded", async () => {
  const table = createTable();
  const reader = openWatch(table, {}, { pendingKeys: 10 });
  await reader.complete();
  fill(table, 11);
  // Nobody listens any more, so nothing can pile up until the reader is back.
  expect(table.feed.watched).toBe(false);
  fill(table, 50);
  expect(await reader.until((event) => event.kind === "begin")).toMatchObject({ reason: "overflow" });
  await reader.complete();
  expect(reader.blobs.size).toBe(50);
  reader.expectExact();
  table.put("a", digestOf(99), 1);
  await reader.until((event) => event.kind === "blobs");
});

test("changes that wait for a slow reader are bounded in bytes too", async () => {
  const table = createTable();
  const reader = openWatch(table, {}, { pendingBytes: 100_000 });
  await reader.complete();
  for (const number of [1, 2, 3]) table.put("a", digestOf(number), 1, { text: "x".repeat(20_000) });
  expect(table.feed.watched).toBe(false);
  expect(await reader.until((event) => event.kind === "begin")).toMatchObject({ reason: "overflow" });
  await reader.complete();
  expect(reader.blobs.size).toBe(3);
});

test("a reader that goes while it waits leaves nothing behind", async () => {
  const table = createTable();
  const reader = openWatch(table, {}, { heartbeatMs: 60_000 });
  await reader.complete();
  const waiting = reader.next();
  expect(table.feed.watched).toBe(true);
  reader.left.abort();
  expect(await waiting).toBeUndefined();
  expect(table.feed.watched).toBe(false);
  expect(table.openViews).toBe(0);
});

test("a reader that goes and never asks again leaves nothing behind, also in the middle of the set", async () => {
  const table = createTable();
  fill(table, 50);
  const reader = openWatch(table, { selection: { filters: ["size!=3"] } }, { pageRows: 5 });
  await reader.next();
  await reader.next();
  reader.left.abort();
  expect(table.feed.watched).toBe(false);
  await expect.poll(() => table.openViews).toBe(0);
});

test("a reader that stops asking leaves nothing behind", async () => {
  const table = createTable();
  const reader = openWatch(table);
  await reader.complete();
  await reader.stream.return();
  expect(table.feed.watched).toBe(false);
});

test("the server's stop ends it", async () => {
  const reader = openWatch(createTable(), {}, { heartbeatMs: 60_000 });
  await reader.complete();
  const waiting = reader.next();
  reader.stopping.abort();
  expect(await waiting).toEqual({ kind: "end", reason: "shutdown", token: expect.any(String) });
  expect(await reader.next()).toBeUndefined();
});

test("an old one ends", async () => {
  const table = createTable();
  const reader = openWatch(table, {}, { maxAgeMs: 60 });
  expect(await reader.until((event) => event.kind === "end")).toEqual({
    kind: "end",
    reason: "max-age",
    token: expect.any(String),
  });
  expect(await reader.next()).toBeUndefined();
  expect(table.feed.watched).toBe(false);
});

test("while a filtered set is counted, heartbeats tell what was counted so far", async () => {
  const table = createTable();
  fill(table, 200);
  const reader = openWatch(table, { selection: { filters: ["size!=3"] } }, { pageRows: 1, heartbeatMs: 1 });
  await reader.complete();
  expect(reader.kinds.filter((kind) => kind === "bookmark").length).toBeGreaterThan(1);
  expect(totalsOf(reader.rows()).count).toBe(199);
  reader.expectExact();
});
