import { describe, expect, onTestFinished, test } from "vitest";
import { createChangeLog } from "../../../server/feed/change-log.ts";
import type { BlobWatch } from "../../../server/feed/watch-blobs.ts";
import { watchBlobs } from "../../../server/feed/watch-blobs.ts";
import { createReader, quick } from "./reader.ts";
import type { Table } from "./table.ts";
import { createTable, digestOf } from "./table.ts";

const everything: BlobWatch = { selection: {}, namespace: "a", follow: true, orderBy: "", limit: 0 };

function open(table: Table, watch: Partial<BlobWatch> = {}, timing: Partial<typeof quick> = {}) {
  const left = new AbortController();
  const stopping = new AbortController();
  onTestFinished(() => left.abort());
  const options = { timing: { ...quick, ...timing }, stopping: stopping.signal, signal: left.signal };
  const reader = createReader(watchBlobs(table, { ...everything, ...watch }, options));
  return Object.assign(reader, { left, stopping });
}

/** The token of a stream that told the whole set and is cut then. */
async function tokenOf(table: Table, watch: Partial<BlobWatch> = {}): Promise<string> {
  const reader = open(table, watch);
  await reader.complete();
  reader.left.abort();
  return reader.bookmark?.token ?? "";
}

/** What a stream tells until it is current, in short. */
async function newsOf(table: Table, watch: Partial<BlobWatch>, timing: Partial<typeof quick> = {}) {
  const reader = open(table, watch, timing);
  const told: string[] = [];
  await reader.until((event) => {
    if (event.kind === "begin") told.push(`begin ${event.reason}`);
    if (event.kind === "blobs") told.push(...event.rows.map(({ info }) => `${info.digest} ${info.labels["tier"]}`));
    if (event.kind === "removed") told.push(`${event.digest} ${event.leftSelection ? "left" : "gone"}`);
    return event.kind === "bookmark" && event.complete;
  });
  return { told, bookmark: reader.bookmark };
}

function fill(table: Table, count: number): void {
  for (let number = 0; number < count; number += 1) table.put("a", digestOf(number), 10, { tier: "gold" });
}

const gold = { selection: { filters: ["labels.tier==gold"] } };

describe("a stream with a good token", () => {
  test("tells nothing but a bookmark where nothing happened", async () => {
    const table = createTable();
    fill(table, 3);
    const resumeToken = await tokenOf(table);
    const { told, bookmark } = await newsOf(table, { resumeToken });
    expect(told).toEqual([]);
    expect(bookmark).toMatchObject({ selected: { count: 3, bytes: 30 }, complete: true, token: resumeToken });
  });

  test("tells each row that changed once, as it is now, and counts all of them", async () => {
    const table = createTable();
    fill(table, 3);
    const resumeToken = await tokenOf(table);
    table.put("a", digestOf(0), 10, { tier: "iron" });
    table.put("a", digestOf(0), 10, { tier: "tin" });
    table.remove("a", digestOf(1));
    table.put("a", digestOf(9), 7, { tier: "new" });
    table.put("b", digestOf(8), 1);
    const { told, bookmark } = await newsOf(table, { resumeToken });
    expect(told.toSorted()).toEqual([`${digestOf(0)} tin`, `${digestOf(1)} gone`, `${digestOf(9)} new`].toSorted());
    expect(bookmark?.selected).toEqual({ count: 3, bytes: 27 });
  });

  test("goes on live, and each of its own bookmarks can be gone on from", async () => {
    const table = createTable();
    fill(table, 2);
    const reader = open(table, { resumeToken: await tokenOf(table) });
    await reader.complete();
    table.put("a", digestOf(7), 1);
    await reader.until((event) => event.kind === "blobs");
    await reader.until((event) => event.kind === "bookmark");
    reader.left.abort();
    table.remove("a", digestOf(7));
    expect((await newsOf(table, { resumeToken: reader.bookmark?.token ?? "" })).told).toEqual([`${digestOf(7)} gone`]);
  });

  test("takes out what left the selection, and is silent about what was never in it", async () => {
    const table = createTable();
    fill(table, 2);
    table.put("a", digestOf(5), 1, { tier: "iron" });
    const resumeToken = await tokenOf(table, gold);
    table.put("a", digestOf(0), 10, { tier: "iron" });
    table.put("a", digestOf(5), 1, { tier: "tin" });
    table.remove("a", digestOf(5));
    const { told, bookmark } = await newsOf(table, { ...gold, resumeToken });
    expect(told).toEqual([`${digestOf(0)} left`]);
    expect(bookmark?.selected).toEqual({ count: 1, bytes: 10 });
  });

  test("tells a row as gone that first left the selection and then went", async () => {
    const table = createTable();
    fill(table, 1);
    const resumeToken = await tokenOf(table, gold);
    table.put("a", digestOf(0), 10, { tier: "iron" });
    table.put("a", digestOf(0), 10, { tier: "tin" });
    table.remove("a", digestOf(0));
    expect((await newsOf(table, { ...gold, resumeToken })).told).toEqual([`${digestOf(0)} gone`]);
  });

  test("tells what is committed and not told yet, and does not tell it twice", async () => {
    const table = createTable();
    fill(table, 1);
    const resumeToken = await tokenOf(table);
    table.hold();
    table.put("a", digestOf(3), 1, { tier: "new" });
    const reader = open(table, { resumeToken });
    await reader.complete();
    table.tell();
    await reader.until((event) => event.kind === "bookmark");
    expect(reader.kinds.filter((kind) => kind === "blobs")).toHaveLength(1);
    expect(reader.bookmark?.selected.count).toBe(2);
  });

  test("may be one that did not follow: list, then watch", async () => {
    const table = createTable();
    fill(table, 2);
    const list = open(table, { follow: false });
    const end = await list.until((event) => event.kind === "end");
    table.remove("a", digestOf(0));
    const resumeToken = end.kind === "end" ? end.token : "";
    expect((await newsOf(table, { resumeToken })).told).toEqual([`${digestOf(0)} gone`]);
  });
});

describe("the set comes again", () => {
  const expired = (count: number) => [
    "begin token-expired",
    ...Array.from({ length: count }, () => expect.any(String)),
  ];

  test("for a token of another run of the server", async () => {
    const table = createTable();
    fill(table, 2);
    const resumeToken = await tokenOf(table);
    expect((await newsOf(createTable(table.rows()), { resumeToken })).told).toEqual(expired(2));
  });

  test("for a token that is older than the log", async () => {
    const table = createTable([], createChangeLog({ ageMs: 60_000, entries: 3, bytes: 1e6 }));
    fill(table, 2);
    const resumeToken = await tokenOf(table);
    for (let tier = 0; tier < 3; tier += 1) table.put("a", digestOf(0), 10, { tier: String(tier) });
    expect((await newsOf(table, { resumeToken })).told).toEqual([`${digestOf(0)} 2`]);
    table.put("a", digestOf(0), 10);
    expect((await newsOf(table, { resumeToken })).told).toEqual(expired(2));
  });

  test("where more rows changed than a reader may fall behind", async () => {
    const table = createTable();
    const resumeToken = await tokenOf(table);
    fill(table, 6);
    expect((await newsOf(table, { resumeToken }, { pendingKeys: 5 })).told).toEqual(expired(6));
    expect((await newsOf(table, { resumeToken }, { pendingKeys: 6 })).told).toHaveLength(6);
  });

  test("in a window in which something changed, and in no other", async () => {
    const table = createTable();
    fill(table, 5);
    const window = { limit: 2, orderBy: "size", ...gold };
    const resumeToken = await tokenOf(table, window);
    table.put("a", digestOf(9), 1, { tier: "iron" });
    const reader = open(table, { ...window, resumeToken });
    await reader.complete();
    expect(reader.kinds).toEqual(["bookmark"]);
    table.put("a", digestOf(8), 1, { tier: "gold" });
    await reader.until((event) => event.kind === "blobs");
    expect((await newsOf(table, { ...window, resumeToken })).told).toEqual(expired(2));
  });

  test("for a query with ages, which has no tokens", async () => {
    const table = createTable();
    const aged = { selection: { query: "age:>1d" } };
    expect([await tokenOf(table, aged), await tokenOf(table, { selection: { query: "size:>1" } })]).toEqual([
      "",
      expect.stringMatching(/^[\w-]+$/),
    ]);
  });
});

describe("a token is refused", () => {
  const other = "resume_token is of another selection, order or window; begin without one";

  test.each<[string, Partial<BlobWatch>]>([
    ["filters", gold],
    ["a regexp", { selection: { regexp: "a" } }],
    ["a namespace", { namespace: "b" }],
    ["namespaces", { selection: { namespaces: ["*"] } }],
    ["an order", { orderBy: "size" }],
    ["a limit", { limit: 5 }],
    ["a start", { limit: 5, startAt: `${digestOf(1)},a` }],
  ])("of a stream with other %s", async (_, watch) => {
    const table = createTable();
    const resumeToken = await tokenOf(table);
    expect(() => open(table, { ...watch, resumeToken })).toThrow(
      expect.objectContaining({ kind: "invalid-argument", message: other }),
    );
  });

  test("of another identity", async () => {
    const table = createTable();
    const resumeToken = await tokenOf(table, { identity: "mei" });
    const message = "resume_token is of another identity; begin without one";
    expect(() => open(table, { resumeToken, identity: "jo" })).toThrow(
      expect.objectContaining({ kind: "invalid-argument", message }),
    );
    expect((await newsOf(table, { resumeToken, identity: "mei" })).told).toEqual([]);
  });

  test("not for another interval", async () => {
    const table = createTable();
    const resumeToken = await tokenOf(table);
    expect((await newsOf(table, { resumeToken, minIntervalMs: 5000 })).told).toEqual([]);
  });
});
