import { describe, expect, onTestFinished, test } from "vitest";
import type { IngestOutcome, IngestRow } from "../../../server/feed/change.ts";
import { createChangeLog } from "../../../server/feed/change-log.ts";
import { createRateMeter } from "../../../server/feed/rate.ts";
import type { Watch } from "../../../server/feed/watch.ts";
import { watchBlobs } from "../../../server/feed/watch-blobs.ts";
import { watchIngests } from "../../../server/feed/watch-ingests.ts";
import { createReader, quick } from "./reader.ts";
import type { Table } from "./table.ts";
import { createTable } from "./table.ts";

const time = new Date(1_700_000_000_000);

function open(table: Table, watch: Partial<Watch> = {}, timing: Partial<typeof quick> = {}) {
  const left = new AbortController();
  onTestFinished(() => left.abort());
  const used = { ...quick, ...timing };
  const options = { timing: used, stopping: new AbortController().signal, signal: left.signal };
  const asked = { selection: {}, namespace: "a", follow: true, ...watch };
  return Object.assign(createReader(watchIngests(table, createRateMeter(table.feed, used), asked, options)), { left });
}

async function tokenOf(table: Table, watch: Partial<Watch> = {}): Promise<string> {
  const reader = open(table, watch);
  await reader.complete();
  reader.left.abort();
  return reader.bookmark?.token ?? "";
}

/** What a stream tells until it is current, in short. */
async function newsOf(table: Table, watch: Partial<Watch>, timing: Partial<typeof quick> = {}) {
  const reader = open(table, watch, timing);
  const told: string[] = [];
  await reader.until((event) => {
    if (event.kind === "begin") told.push(`begin ${event.reason}`);
    if (event.kind === "ingests") told.push(...event.ingests.map(({ status }) => `${status.ref} ${status.offset}`));
    if (event.kind === "ended") told.push(`${event.ended.ref} ${event.ended.outcome}`);
    return event.kind === "bookmark" && event.complete;
  });
  return { told, bookmark: reader.bookmark };
}

function ingest(ref: string, offset: number, writes = true): IngestRow {
  const status = { ref, offset, total: 0, startedAt: time, updatedAt: time };
  return { namespace: "a", status, holder: "", lastError: "", ...(writes && { lockedAt: time }) };
}

function outcome(how: IngestOutcome["outcome"]): IngestOutcome {
  return { outcome: how, size: 7, by: "", endedAt: new Date() };
}

describe("a stream with a good token", () => {
  test("tells every end in order, then what is written as it is now, and nothing of what rests", async () => {
    const table = createTable();
    for (const ref of ["ends", "moves"]) table.putIngest(ingest(ref, 1));
    table.putIngest(ingest("rests", 5, false));
    const resumeToken = await tokenOf(table);
    table.putIngest(ingest("short", 1));
    table.endIngest("a", "short", outcome("committed"));
    table.endIngest("a", "ends", outcome("aborted"));
    for (let offset = 2; offset < 10; offset += 1) table.putIngest(ingest("moves", offset));
    table.putIngest(ingest("short", 3));
    const { told, bookmark } = await newsOf(table, { resumeToken });
    expect(told).toEqual(["short committed", "ends aborted", "moves 9", "short 3"]);
    expect(bookmark).toMatchObject({ selected: { count: 3, bytes: 17 }, complete: true });
  });

  test("tells an ingest whose writer let go meanwhile", async () => {
    const table = createTable();
    table.putIngest(ingest("left", 1));
    const resumeToken = await tokenOf(table);
    table.putIngest(ingest("left", 4, false));
    const reader = open(table, { resumeToken });
    await reader.complete();
    expect(reader.kinds).toEqual(["ingests", "bookmark"]);
    expect(reader.ingests.get("a left")).toMatchObject({ state: "resumable", status: { offset: 4 } });
  });

  test("tells only ends of the selection", async () => {
    const table = createTable();
    for (const ref of ["layer-1", "config"]) table.putIngest(ingest(ref, 1));
    const selected = { selection: { regexp: "^layer" } };
    const resumeToken = await tokenOf(table, selected);
    for (const ref of ["layer-1", "config"]) table.endIngest("a", ref, outcome("expired"));
    expect((await newsOf(table, { ...selected, resumeToken })).told).toEqual(["layer-1 expired"]);
  });

  test("tells ends that are committed and not told yet once, and revives no ingest", async () => {
    const table = createTable();
    table.putIngest(ingest("r", 1));
    const resumeToken = await tokenOf(table);
    table.hold();
    table.putIngest(ingest("r", 2));
    table.endIngest("a", "r", outcome("committed"));
    const reader = open(table, { resumeToken });
    await reader.complete();
    table.tell();
    table.putIngest(ingest("later", 1));
    await reader.until((event) => event.kind === "ingests");
    await reader.until((event) => event.kind === "bookmark");
    expect(reader.ended.map(({ ref }) => ref)).toEqual(["r"]);
    expect([...reader.ingests.keys()]).toEqual(["a later"]);
    expect(reader.bookmark?.selected.count).toBe(1);
  });
});

test("what a reader was not told yet, because its row was told just before, is told by the next stream", async () => {
  const table = createTable();
  const reader = open(table, { minIntervalMs: 60_000 });
  await reader.complete();
  table.putIngest(ingest("r", 1));
  await reader.until((event) => event.kind === "ingests");
  table.putIngest(ingest("r", 2, false));
  table.putIngest(ingest("other", 1, false));
  await reader.until((event) => event.kind === "ingests");
  await reader.until((event) => event.kind === "bookmark");
  expect(reader.ingests.get("a r")?.status.offset).toBe(1);
  const { told } = await newsOf(table, { resumeToken: reader.bookmark?.token ?? "" });
  expect(told).toContain("r 2");
});

test("what came of a row that was due by the clock alone, and was held back, is told by the next stream", async () => {
  const table = createTable();
  const reader = open(table, { minIntervalMs: 60_000 }, { tickMs: 1, stalledMs: 200 });
  await reader.complete();
  const writing = { ...ingest("r", 1), lockedAt: new Date() };
  table.putIngest(writing);
  await reader.until((event) => event.kind === "ingests");
  // It has stalled by now, which is not told either.
  for (let count = 0; count < 8; count += 1) await reader.until((event) => event.kind === "bookmark");
  table.putIngest(ingest("r", 2, false));
  for (const _ of [1, 2]) await reader.until((event) => event.kind === "bookmark");
  expect(reader.ingests.get("a r")?.status.offset).toBe(1);
  const { told } = await newsOf(table, { resumeToken: reader.bookmark?.token ?? "" });
  expect(told).toContain("r 2");
});

describe("the set comes again", () => {
  test("where more ended than the log holds", async () => {
    const table = createTable([], createChangeLog({ ageMs: 60_000, entries: 2, bytes: 1e6 }));
    const resumeToken = await tokenOf(table);
    for (const ref of ["1", "2", "3"]) table.endIngest("a", ref, outcome("aborted"));
    table.putIngest(ingest("r", 1));
    expect((await newsOf(table, { resumeToken })).told).toEqual(["begin token-expired", "r 1"]);
  });

  test("where more ended than a reader may fall behind", async () => {
    const table = createTable();
    const resumeToken = await tokenOf(table);
    for (const ref of ["1", "2", "3"]) table.endIngest("a", ref, outcome("aborted"));
    expect((await newsOf(table, { resumeToken }, { pendingKeys: 2 })).told).toEqual(["begin token-expired"]);
  });
});

test("a token of blobs is none of ingests", async () => {
  const table = createTable();
  const options = { timing: quick, stopping: new AbortController().signal, signal: new AbortController().signal };
  const asked = { selection: {}, namespace: "a", follow: false, orderBy: "", limit: 0 };
  const end = await createReader(watchBlobs(table, asked, options)).until((event) => event.kind === "end");
  const resumeToken = end.kind === "end" ? end.token : "";
  expect(() => open(table, { resumeToken })).toThrow(expect.objectContaining({ kind: "invalid-argument" }));
});
