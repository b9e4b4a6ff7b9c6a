import { describe, expect, test } from "vitest";
import { makeDigest } from "../../../content/parse-digest.ts";
import { ingest, keepWriting, openIngestWatch, outcome } from "./opened-ingests.ts";
import { quick } from "./reader.ts";
import { createTable } from "./table.ts";

describe("the first set", () => {
  test("begins, holds every selected ingest, and ends in a bookmark that counts them and their bytes", async () => {
    const table = createTable();
    table.putIngest(ingest("layer-1", 10));
    table.putIngest(ingest("layer-2", 5));
    table.putIngest(ingest("config", 100));
    table.putIngest(ingest("layer-3", 1000, { namespace: "b" }));
    const reader = openIngestWatch(table, { selection: { regexp: "^layer" } });
    expect(await reader.next()).toEqual({ kind: "begin", reason: "initial", heartbeatMs: quick.heartbeatMs });
    await reader.complete();
    expect([...reader.ingests.keys()]).toEqual(["a layer-1", "a layer-2"]);
    expect(reader.bookmark?.selected).toEqual({ count: 2, bytes: 15 });
  });

  test("comes in messages of bounded length", async () => {
    const table = createTable();
    for (let number = 0; number < 25; number += 1) table.putIngest(ingest(`ref-${number}`));
    const reader = openIngestWatch(table, { follow: false }, { batchRows: 10, heartbeatMs: 60_000 });
    await reader.until((event) => event.kind === "end");
    expect(reader.kinds).toEqual(["begin", "ingests", "ingests", "ingests", "bookmark", "end"]);
  });

  test("an ingest that ended while the set was on its way is not in it", async () => {
    const table = createTable();
    for (let number = 0; number < 25; number += 1) table.putIngest(ingest(`ref-${number}`));
    const reader = openIngestWatch(table, {}, { batchRows: 10 });
    await reader.until((event) => event.kind === "ingests");
    table.endIngest("a", "ref-3", outcome("aborted"));
    table.endIngest("a", "ref-24", outcome("aborted"));
    await reader.complete();
    expect(reader.ended.map(({ ref }) => ref)).toEqual(["ref-3", "ref-24"]);
    expect(reader.ingests.size).toBe(23);
    expect(reader.bookmark?.selected.count).toBe(23);
  });

  test("tells who holds a ref and since when, and what can be resumed until when", async () => {
    const table = createTable();
    const { lockedAt, ...free } = ingest("free", 3, { holder: "", lastError: "unexpected commit size 3" });
    const expiresAt = new Date(Date.now() + 60_000);
    table.putIngest(ingest("held"));
    table.putIngest({ ...free, expiresAt });
    const reader = openIngestWatch(table);
    await reader.complete();
    expect(reader.ingests.get("a held")).toMatchObject({ state: "writing", holder: "grpc-go/1.33.3 · unix socket" });
    expect(reader.ingests.get("a held")?.lockedAt).toBeInstanceOf(Date);
    expect(reader.ingests.get("a free")).toMatchObject({ state: "resumable", holder: "", expiresAt });
    expect(reader.ingests.get("a free")).toMatchObject({ lastError: "unexpected commit size 3" });
    expect(reader.ingests.get("a free")).not.toHaveProperty("lockedAt");
  });
});

describe("progress", () => {
  test("the first news of an ingest comes at once, then the latest of each interval", async () => {
    const table = createTable();
    const reader = openIngestWatch(table);
    await reader.complete();
    table.putIngest(ingest("r", 1));
    await reader.until((event) => event.kind === "ingests");
    for (let offset = 2; offset <= 50; offset += 1) table.putIngest(ingest("r", offset));
    await reader.until((event) => event.kind === "ingests");
    expect(reader.ingests.get("a r")?.status.offset).toBe(50);
    expect(reader.kinds.filter((kind) => kind === "ingests")).toHaveLength(2);
  });

  test("one busy ingest holds back no other", async () => {
    const table = createTable();
    const reader = openIngestWatch(table, { minIntervalMs: 60_000 });
    await reader.complete();
    table.putIngest(ingest("busy", 1));
    await reader.until((event) => event.kind === "ingests");
    table.putIngest(ingest("busy", 2));
    table.putIngest(ingest("new", 1));
    await reader.until((event) => event.kind === "ingests");
    expect(reader.ingests.has("a new")).toBe(true);
    expect(reader.ingests.get("a busy")?.status.offset).toBe(1);
  });

  test("bookmarks count what was told", async () => {
    const table = createTable();
    const reader = openIngestWatch(table);
    await reader.complete();
    table.putIngest(ingest("r", 10));
    await reader.until((event) => event.kind === "bookmark" && event.selected.count === 1);
    expect(reader.bookmark?.selected).toEqual({ count: 1, bytes: 10 });
    table.endIngest("a", "r", outcome("committed"));
    await reader.until((event) => event.kind === "bookmark" && event.selected.count === 0);
    expect(reader.bookmark?.selected).toEqual({ count: 0, bytes: 0 });
  });
});

describe("ends", () => {
  test("come at once, with how, what and by whom", async () => {
    const table = createTable();
    const digest = makeDigest("sha256", "a".repeat(64));
    table.putIngest(ingest("r", 1));
    const reader = openIngestWatch(table, { minIntervalMs: 60_000 });
    await reader.complete();
    table.endIngest("a", "r", outcome("existed", { digest, by: "mei", size: 9 }));
    await reader.until((event) => event.kind === "ended");
    expect(reader.ended).toMatchObject([{ namespace: "a", ref: "r", outcome: "existed", digest, by: "mei", size: 9 }]);
    expect(reader.ingests.size).toBe(0);
  });

  test("every one is told, also of an ingest that was opened and aborted at once", async () => {
    const table = createTable();
    const reader = openIngestWatch(table);
    await reader.complete();
    for (const number of [1, 2, 3]) {
      table.putIngest(ingest("r", number));
      table.endIngest("a", "r", outcome("aborted", { size: number }));
    }
    table.putIngest(ingest("r", 4));
    await reader.until((event) => event.kind === "ingests");
    expect(reader.ended.map(({ size }) => size)).toEqual([1, 2, 3]);
    expect(reader.ingests.get("a r")?.status.offset).toBe(4);
  });

  test("an ingest that begins anew is told at once, not after the interval of the one before", async () => {
    const table = createTable();
    table.putIngest(ingest("r", 1));
    const reader = openIngestWatch(table, { minIntervalMs: 60_000 });
    await reader.complete();
    table.putIngest(ingest("r", 2));
    await reader.until((event) => event.kind === "ingests");
    table.endIngest("a", "r", outcome("expired"));
    table.putIngest(ingest("r", 0));
    await reader.until((event) => event.kind === "ingests");
    expect(reader.ingests.get("a r")?.status.offset).toBe(0);
  });

  test("of what is not selected are not told", async () => {
    const table = createTable();
    table.putIngest(ingest("other"));
    table.putIngest(ingest("mine"));
    const reader = openIngestWatch(table, { selection: { filters: ["ref==mine"] } });
    await reader.complete();
    table.endIngest("a", "other", outcome("aborted"));
    table.endIngest("a", "mine", outcome("aborted"));
    await reader.until((event) => event.kind === "ended");
    expect(reader.ended.map(({ ref }) => ref)).toEqual(["mine"]);
  });
});

describe("what the clock changes", () => {
  test("a locked ingest without a byte for a while is stalled, without any change; a byte makes it writing", async () => {
    const table = createTable();
    const stop = keepWriting(table, "r");
    const reader = openIngestWatch(table, {}, { stalledMs: 500 });
    await reader.until(() => reader.ingests.get("a r")?.state === "writing");
    stop();
    await reader.until(() => reader.ingests.get("a r")?.state === "stalled");
    keepWriting(table, "r");
    await reader.until(() => reader.ingests.get("a r")?.state === "writing");
  });

  test("a rate is told while bytes come, and 0 once they stopped", async () => {
    const table = createTable();
    table.putIngest(ingest("r", 0));
    const reader = openIngestWatch(table, {}, { rateWindowMs: 1100 });
    await reader.complete();
    const stop = keepWriting(table, "r", 1000);
    const rate = () => reader.ingests.get("a r")?.rateBytesPerSecond ?? 0;
    await reader.until(() => rate() > 1000);
    stop();
    await reader.until(() => rate() === 0);
  });
});

test("an ingest that has stalled and ended while its reader was slow is told as ended, and not as stalled after that", async () => {
  const table = createTable();
  const reader = openIngestWatch(table, {}, { stalledMs: 200 });
  await reader.complete();
  table.putIngest(ingest("r", 1));
  await reader.until((event) => event.kind === "ingests");
  table.endIngest("a", "r", outcome("aborted"));
  const endedMs = performance.now();
  await expect.poll(() => performance.now() - endedMs).toBeGreaterThan(300);
  await reader.until((event) => event.kind === "ended");
  for (const _ of [1, 2]) await reader.until((event) => event.kind === "bookmark");
  expect([...reader.ingests.keys()]).toEqual([]);
  expect(reader.bookmark?.selected).toEqual({ count: 0, bytes: 0 });
});
