import { describe, expect, test } from "vitest";
import { ingest, openIngestWatch, outcome } from "./opened-ingests.ts";
import { createTable } from "./table.ts";

describe("a stream's life", () => {
  test("a slow reader gets the set again, and what waits for it is bounded", async () => {
    const table = createTable();
    const reader = openIngestWatch(table, {}, { pendingKeys: 10 });
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
    const reader = openIngestWatch(table, {}, { pendingBytes: 10_000 });
    await reader.complete();
    for (const number of [1, 2, 3]) table.putIngest(ingest(`r${number}`, 1, { lastError: "x".repeat(2000) }));
    expect(table.feed.watched).toBe(false);
    expect(await reader.until((event) => event.kind === "begin")).toMatchObject({ reason: "overflow" });
  });

  test("ends with a bookmark and an end when it does not follow, and lets go of feed and timer", async () => {
    const table = createTable();
    const reader = openIngestWatch(table, { follow: false }, { heartbeatMs: 60_000 });
    await reader.until((event) => event.kind === "end");
    expect(reader.kinds).toEqual(["begin", "bookmark", "end"]);
    expect(await reader.next()).toBeUndefined();
    expect(table.feed.watched).toBe(false);
  });

  test("the server's stop ends it, and a reader that goes leaves nothing behind", async () => {
    const table = createTable();
    const [stopped, gone] = [
      openIngestWatch(table, {}, { heartbeatMs: 60_000 }),
      openIngestWatch(table, {}, { heartbeatMs: 60_000 }),
    ];
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
