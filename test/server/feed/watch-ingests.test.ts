import { describe, expect, onTestFinished, test } from "vitest";
import { makeDigest } from "../../../content/parse-digest.ts";
import type { IngestOutcome, IngestRow } from "../../../server/feed/change.ts";
import { createRateMeter } from "../../../server/feed/rate.ts";
import type { Watch } from "../../../server/feed/watch.ts";
import { watchIngests } from "../../../server/feed/watch-ingests.ts";
import { createReader, quick } from "./reader.ts";
import type { Table } from "./table.ts";
import { createTable } from "./table.ts";

const everything: Watch = { selection: {}, namespace: "a", follow: true, minIntervalMs: 100 };

function open(table: Table, watch: Partial<Watch> = {}, timing: Partial<typeof quick> = {}) {
  const left = new AbortController();
  const stopping = new AbortController();
  onTestFinished(() => left.abort());
  const used = { ...quick, tickMs: 20, ...timing };
  const options = { timing: used, stopping: stopping.signal, signal: left.signal };
  const stream = watchIngests(table, createRateMeter(table.feed, used), { ...everything, ...watch }, options);
  return Object.assign(createReader(stream), { stream, left, stopping });
}

function ingest(ref: string, offset = 0, more: Partial<IngestRow> = {}): IngestRow {
  const now = new Date();
  return {
    namespace: "a",
    status: { ref, offset, total: 0, startedAt: now, updatedAt: now },
    lockedAt: now,
    holder: "grpc-go/1.33.3 · unix socket",
    lastError: "",
    ...more,
  };
}

function outcome(how: IngestOutcome["outcome"], more: Partial<IngestOutcome> = {}): IngestOutcome {
  return { outcome: how, size: 7, by: "", endedAt: new Date(), ...more };
}

describe("the first set", () => {
  test("begins, holds every selected ingest, and ends in a bookmark that counts them and their bytes", async () => {
    const table = createTable();
    table.putIngest(ingest("layer-1", 10));
    table.putIngest(ingest("layer-2", 5));
    table.putIngest(ingest("config", 100));
    table.putIngest(ingest("layer-3", 1000, { namespace: "b" }));
    const reader = open(table, { selection: { regexp: "^layer" } });
    expect(await reader.next()).toEqual({ kind: "begin", reason: "initial", heartbeatMs: quick.heartbeatMs });
    await reader.complete();
    expect([...reader.ingests.keys()]).toEqual(["a layer-1", "a layer-2"]);
    expect(reader.bookmark?.selected).toEqual({ count: 2, bytes: 15 });
  });

  test("comes in messages of bounded length", async () => {
    const table = createTable();
    for (let number = 0; number < 25; number += 1) table.putIngest(ingest(`ref-${number}`));
    const reader = open(table, { follow: false }, { batchRows: 10, heartbeatMs: 60_000 });
    await reader.until((event) => event.kind === "end");
    expect(reader.kinds).toEqual(["begin", "ingests", "ingests", "ingests", "bookmark", "end"]);
  });

  test("an ingest that ended while the set was on its way is not in it", async () => {
    const table = createTable();
    for (let number = 0; number < 25; number += 1) table.putIngest(ingest(`ref-${number}`));
    const reader = open(table, {}, { batchRows: 10 });
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
    const reader = open(table);
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
    const reader = open(table);
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
    const reader = open(table, { minIntervalMs: 60_000 });
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
    const reader = open(table);
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
    const reader = open(table, { minIntervalMs: 60_000 });
    await reader.complete();
    table.endIngest("a", "r", outcome("existed", { digest, by: "mei", size: 9 }));
    await reader.until((event) => event.kind === "ended");
    expect(reader.ended).toMatchObject([{ namespace: "a", ref: "r", outcome: "existed", digest, by: "mei", size: 9 }]);
    expect(reader.ingests.size).toBe(0);
  });

  test("every one is told, also of an ingest that was opened and aborted at once", async () => {
    const table = createTable();
    const reader = open(table);
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
    const reader = open(table, { minIntervalMs: 60_000 });
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
    const reader = open(table, { selection: { filters: ["ref==mine"] } });
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
    table.putIngest(ingest("r", 1));
    const reader = open(table, {}, { stalledMs: 1000 });
    await reader.complete();
    expect(reader.ingests.get("a r")?.state).toBe("writing");
    await reader.until(() => reader.ingests.get("a r")?.state === "stalled");
    // One byte may be told so late, on a busy machine, that it has stalled again.
    let offset = 1;
    const writing = setInterval(() => table.putIngest(ingest("r", (offset += 1))), 20);
    onTestFinished(() => clearInterval(writing));
    await reader.until(() => reader.ingests.get("a r")?.state === "writing");
  });

  test("a rate is told while bytes come, and 0 once they stopped", async () => {
    const table = createTable();
    table.putIngest(ingest("r", 0));
    const reader = open(table, {}, { rateWindowMs: 1100 });
    await reader.complete();
    let offset = 0;
    const writing = setInterval(() => table.putIngest(ingest("r", (offset += 1000))), 20);
    onTestFinished(() => clearInterval(writing));
    const rate = () => reader.ingests.get("a r")?.rateBytesPerSecond ?? 0;
    await reader.until(() => rate() > 1000);
    clearInterval(writing);
    await reader.until(() => rate() === 0);
  });
});

describe("a query", () => {
  test("an ingest enters once it is what the query asks for, and leaves once it is not, without an end", async () => {
    const table = createTable();
    table.putIngest(ingest("small", 1));
    table.putIngest(ingest("large", 100));
    const reader = open(table, { selection: { query: "size:>10B" } });
    await reader.complete();
    expect([...reader.ingests.keys()]).toEqual(["a large"]);
    expect(reader.bookmark?.selected).toEqual({ count: 1, bytes: 100 });
    table.putIngest(ingest("small", 11));
    await reader.until(() => reader.ingests.size === 2);
    // Written anew from the start.
    table.putIngest(ingest("large", 0));
    await reader.until((event) => event.kind === "left");
    await reader.until((event) => event.kind === "bookmark");
    expect([...reader.ingests.keys()]).toEqual(["a small"]);
    expect(reader.bookmark?.selected).toEqual({ count: 1, bytes: 11 });
    expect(reader.ended).toEqual([]);
  });

  test("a writer that stalls enters by the clock alone, and leaves with its next byte", async () => {
    const table = createTable();
    table.putIngest(ingest("r", 1));
    const reader = open(table, { selection: { query: "state:stalled" } }, { stalledMs: 500 });
    await reader.complete();
    expect(reader.ingests.size).toBe(0);
    await reader.until(() => reader.ingests.get("a r")?.state === "stalled");
    table.putIngest(ingest("r", 2));
    await reader.until((event) => event.kind === "left");
  });

  test("ends are told of what the reader has and of what was selected when it ended, and of nothing else", async () => {
    const table = createTable();
    for (const [ref, offset] of [
      ["other", 1],
      ["held", 100],
      ["grown", 1],
    ] as const)
      table.putIngest(ingest(ref, offset));
    const reader = open(table, { selection: { query: "size:>10B" }, minIntervalMs: 60_000 });
    await reader.complete();
    table.putIngest(ingest("held", 0));
    table.putIngest(ingest("grown", 50));
    for (const ref of ["other", "held", "grown"]) table.endIngest("a", ref, outcome("aborted"));
    await reader.until(() => reader.ended.length === 2);
    expect(reader.ended.map(({ ref }) => ref)).toEqual(["held", "grown"]);
    await reader.until((event) => event.kind === "bookmark");
    expect(reader.bookmark?.selected).toEqual({ count: 0, bytes: 0 });
  });

  test("none goes on from a stream whose query asks for what changes", async () => {
    const table = createTable();
    table.putIngest(ingest("r", 1));
    const [changing, lasting] = ["size:>=1B", "ref:r"].map((query) => open(table, { selection: { query } }));
    await changing?.complete();
    await lasting?.complete();
    expect([changing?.bookmark?.token, lasting?.bookmark?.token]).toEqual(["", expect.stringMatching(/^[\w-]+$/)]);
  });

  test("that is none is refused", () => {
    const selection = { query: "state:lost" };
    expect(() => open(createTable(), { selection })).toThrow(expect.objectContaining({ kind: "invalid-argument" }));
  });
});

describe("a stream's life", () => {
  test("a slow reader gets the set again, and what waits for it is bounded", async () => {
    const table = createTable();
    const reader = open(table, {}, { pendingKeys: 10 });
    await reader.complete();
    for (let number = 0; number < 11; number += 1) {
      table.putIngest(ingest(`r${number}`));
      table.endIngest("a", `r${number}`, outcome("aborted"));
    }
    expect(table.feed.watched).toBe(false);
    table.putIngest(ingest("last", 5));
    expect(await reader.until((event) => event.kind === "begin")).toMatchObject({ reason: "overflow" });
    await reader.complete();
    expect([...reader.ingests.keys()]).toEqual(["a last"]);
    expect(reader.bookmark?.selected).toEqual({ count: 1, bytes: 5 });
  });

  test("what waits for a slow reader is bounded in bytes too", async () => {
    const table = createTable();
    const reader = open(table, {}, { pendingBytes: 10_000 });
    await reader.complete();
    for (const number of [1, 2, 3]) table.putIngest(ingest(`r${number}`, 1, { lastError: "x".repeat(2000) }));
    expect(table.feed.watched).toBe(false);
    expect(await reader.until((event) => event.kind === "begin")).toMatchObject({ reason: "overflow" });
  });

  test("ends with a bookmark and an end when it does not follow, and lets go of feed and timer", async () => {
    const table = createTable();
    const reader = open(table, { follow: false }, { heartbeatMs: 60_000 });
    await reader.until((event) => event.kind === "end");
    expect(reader.kinds).toEqual(["begin", "bookmark", "end"]);
    expect(await reader.next()).toBeUndefined();
    expect(table.feed.watched).toBe(false);
  });

  test("the server's stop ends it, and a reader that goes leaves nothing behind", async () => {
    const table = createTable();
    const [stopped, gone] = [open(table, {}, { heartbeatMs: 60_000 }), open(table, {}, { heartbeatMs: 60_000 })];
    await stopped.complete();
    await gone.complete();
    const [end, nothing] = [stopped.next(), gone.next()];
    stopped.stopping.abort();
    gone.left.abort();
    expect(await end).toEqual({ kind: "end", reason: "shutdown", token: expect.any(String) });
    expect(await nothing).toBeUndefined();
    expect(await stopped.next()).toBeUndefined();
    expect(table.feed.watched).toBe(false);
  });
});
