import { describe, expect, test } from "vitest";
import { ingest, keepWriting, openIngestWatch, outcome } from "./opened-ingests.ts";
import { createTable } from "./table.ts";

describe("a query", () => {
  test("an ingest enters once it is what the query asks for, and leaves once it is not, without an end", async () => {
    const table = createTable();
    table.putIngest(ingest("small", 1));
    table.putIngest(ingest("large", 100));
    const reader = openIngestWatch(table, { selection: { query: "size:>10B" } });
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
    const stop = keepWriting(table, "r");
    const reader = openIngestWatch(table, { selection: { query: "state:stalled" } }, { stalledMs: 500 });
    await reader.until((event) => event.kind === "bookmark" && event.complete && reader.ingests.size === 0);
    stop();
    await reader.until(() => reader.ingests.get("a r")?.state === "stalled");
    keepWriting(table, "r");
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
    const reader = openIngestWatch(table, { selection: { query: "size:>10B" }, minIntervalMs: 60_000 });
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
    const [changing, lasting] = ["size:>=1B", "ref:r"].map((query) => openIngestWatch(table, { selection: { query } }));
    await changing?.complete();
    await lasting?.complete();
    expect([changing?.bookmark?.token, lasting?.bookmark?.token]).toEqual(["", expect.stringMatching(/^[\w-]+$/)]);
  });

  test("that is none is refused", () => {
    const selection = { query: "state:lost" };
    expect(() => openIngestWatch(createTable(), { selection })).toThrow(
      expect.objectContaining({ kind: "invalid-argument" }),
    );
  });
});
