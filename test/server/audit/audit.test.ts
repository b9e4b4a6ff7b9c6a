import { stat } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { recorderTiming } from "../../../server/audit/recorder.ts";
import { refusalLimits } from "../../../server/audit/refusals.ts";
import { createLog } from "../../support/log.ts";
import { makeTempDir } from "../../support/temp-dir.ts";
import { eventsOf, noLimits, openTestAudit } from "./support.ts";

const day = 24 * 3600 * 1000;

describe("what is recorded", () => {
  test("is there after the audit was closed and opened, newest first, for its owner alone", async () => {
    const root = await makeTempDir();
    const first = await openTestAudit({ root });
    const changes = [
      { name: "label team", before: "a", after: "b" },
      { name: "label gone", before: "c" },
    ];
    first.record({
      act: "label",
      kind: "blob",
      who: "mei",
      peer: "unix socket",
      digest: "sha256:1",
      bytes: 5,
      changes,
    });
    first.record({ act: "delete", kind: "image", name: "app:1", code: "not-found", error: "image app:1: not found" });
    await first[Symbol.asyncDispose]();
    expect((await stat(join(root, "audit.db"))).mode & 0o777).toBe(0o600);

    const events = await eventsOf(await openTestAudit({ root }));
    expect(events.map(({ id }) => id)).toEqual([2, 1]);
    expect(events[1]).toMatchObject({ act: "label", who: "mei", peer: "unix socket", bytes: 5, changes, code: "ok" });
    expect(events[0]).toMatchObject({
      code: "not-found",
      error: "image app:1: not found",
      cause: "client",
      changes: [],
    });
    expect(events[0]).not.toHaveProperty("bytes");
    expect(Math.abs((events[0]?.at.getTime() ?? 0) - Date.now())).toBeLessThan(10_000);
  });

  test("is one line without paths of the machine, and its changes are 4 KiB at most", async () => {
    const audit = await openTestAudit();
    const changes = Array.from({ length: 100 }, (_, index) => ({ name: `label ${index}`, after: "x".repeat(200) }));
    const error = "cannot open '/srv/data/blobs/sha256/ab': denied\nsecond";
    audit.record({ act: "label", name: "a\nb", code: "internal", error, changes });
    const [event] = await eventsOf(audit);
    expect(event?.error).toBe("cannot open '…': denied second");
    expect(event?.name).toBe("a b");
    expect(Buffer.byteLength(JSON.stringify(event?.changes))).toBeLessThanOrEqual(4096);
    expect((event?.changes.length ?? 0) + (event?.changesLeftOut ?? 0)).toBe(100);
  });

  test("in a burst larger than what may wait is written by whoever comes, and nothing is lost", async () => {
    const audit = await openTestAudit({ timing: { ...recorderTiming, groupEvents: 10, waiting: 50 } });
    for (let index = 0; index < 500; index++) audit.record({ act: "collect", cause: "collection", name: `${index}` });
    const events = await eventsOf(audit);
    expect(events.map(({ name }) => name)).toEqual(Array.from({ length: 500 }, (_, index) => `${499 - index}`));
  });

  test("is told to those who listen once it is on disk", async () => {
    const audit = await openTestAudit();
    const { promise, resolve } = Promise.withResolvers<number>();
    audit.listen(() => resolve(audit.range.last));
    audit.record({ act: "delete" });
    expect(await promise).toBe(1);
  });
});

test("a loop of refusals is told one by one at first and then as a number, and pushes nothing out", async () => {
  const audit = await openTestAudit({ refusals: { ...refusalLimits, apart: 2 } });
  const root = { who: "eve", peer: "10.0.0.7" };
  for (let index = 0; index < 234; index++) {
    audit.record({ act: "delete", kind: "blob", ...root, code: "permission-denied", digest: `sha256:${index}` });
  }
  audit.record({ act: "delete", kind: "blob", ...root });
  for (const peer of ["a", "b", "c"]) audit.record({ act: "label", peer, code: "not-found" });
  expect(await eventsOf(audit, "act:delete code:ok")).toHaveLength(1);
  expect(await eventsOf(audit, "code:permission-denied")).toHaveLength(20);
  // Of callers that are not told apart any more, only the number is told.
  expect((await eventsOf(audit, "act:label")).map(({ peer }) => peer)).toEqual(["a"]);
});

test("what a loop of refusals came to is told when the audit closes, too", async () => {
  const root = await makeTempDir();
  const audit = await openTestAudit({ root });
  for (let index = 0; index < 234; index++) audit.record({ act: "abort", who: "eve", code: "permission-denied" });
  await audit[Symbol.asyncDispose]();
  const events = await eventsOf(await openTestAudit({ root }));
  expect(events).toHaveLength(21);
  expect(events[0]).toMatchObject({ who: "eve", act: "abort", code: "permission-denied", more: 214 });
});

describe("what is too old or too much", () => {
  test("goes, the oldest first, and numbers go on", async () => {
    const root = await makeTempDir();
    const audit = await openTestAudit({ root, limits: { ...noLimits, maxAgeDays: 30, maxEvents: 300 } });
    const old = new Date(Date.now() - 31 * day);
    for (let index = 0; index < 250; index++) audit.record({ act: "write", at: old });
    for (let index = 0; index < 250; index++) audit.record({ act: "delete" });
    await audit.flush();
    await audit.trim();
    expect(audit.range).toEqual({ first: 251, last: 500 });
    expect(audit.kept().since?.getTime()).toBeGreaterThan(Date.now() - day);
    for (let index = 0; index < 60; index++) audit.record({ act: "label" });
    await audit.flush();
    await audit.trim();
    // One part in a hundred more goes than has to.
    expect(audit.range).toEqual({ first: 264, last: 560 });
    expect(await eventsOf(audit)).toHaveLength(297);
  });

  test("does not go because a clock leaps ahead, before it went on evenly for a day", async () => {
    const { logger, text } = createLog();
    const clock = { wall: Date.now(), uptime: 0 };
    const pass = (ms: number, wallMs = ms): void => {
      clock.uptime += ms;
      clock.wall += wallMs;
    };
    const clocks = { wallMicros: () => clock.wall * 1000, uptimeMs: () => clock.uptime };
    const root = await makeTempDir();
    const open = () => openTestAudit({ root, logger, clocks, limits: { ...noLimits, maxAgeDays: 30, maxEvents: 100 } });
    const audit = await open();
    for (let days = 40; days > 0; days--) audit.record({ act: "write", at: new Date(clock.wall - days * day) });
    audit.record({ act: "write", at: new Date(clock.wall) });
    await audit.flush();
    const firstAfterTrim = async (some = audit): Promise<number> => {
      await some.trim();
      return some.range.first;
    };
    expect(await firstAfterTrim()).toBe(11);

    pass(0, 3650 * day);
    expect(await firstAfterTrim()).toBe(11);
    expect(text()).toMatch(/"aheadHours":87600.*the clock leapt ahead/);
    // Time goes on as the machine counts it.
    pass(day / 2);
    expect(await firstAfterTrim()).toBe(12);
    pass(0, -3650 * day);
    expect(await firstAfterTrim()).toBe(12);
    pass(0, 3650 * day);
    await audit[Symbol.asyncDispose]();

    const next = await open();
    expect(await firstAfterTrim(next)).toBe(12);
    expect(text()).toMatch(/or the clock is wrong; ages count by it in a day/);
    pass(day - 1);
    expect(await firstAfterTrim(next)).toBe(12);
    // However wrong the clock is, what is too much goes.
    for (let index = 0; index < 80; index++) next.record({ act: "label", at: new Date(clock.wall) });
    await next.flush();
    expect(await firstAfterTrim(next)).toBeGreaterThan(20);
    pass(1);
    expect(await firstAfterTrim(next)).toBe(42);
  });

  test("goes by its size, but for the newest", async () => {
    const root = await makeTempDir();
    const full = await openTestAudit({ root });
    for (let index = 0; index < 2000; index++) full.record({ act: "write", name: "x".repeat(500) });
    await full[Symbol.asyncDispose]();
    const audit = await openTestAudit({ root, limits: { ...noLimits, maxBytes: 600_000 } });
    await audit.trim();
    const kept = audit.range.last - audit.range.first + 1;
    expect(kept).toBeGreaterThan(500);
    expect(kept).toBeLessThan(1200);
    const tiny = await openTestAudit({ limits: { ...noLimits, maxAgeDays: 1 } });
    tiny.record({ act: "write", at: new Date(0) });
    await tiny.flush();
    await tiny.trim();
    expect(tiny.range).toEqual({ first: 1, last: 1 });
  });
});

test("a file that is no database is refused in words that say what to do", async () => {
  const root = await makeTempDir();
  const { writeFile } = await import("node:fs/promises");
  await writeFile(join(root, "audit.db"), "no database at all, but long enough to be looked at as one".repeat(20));
  await expect(openTestAudit({ root, logger: createLog().logger })).rejects.toThrow(/audit\.db: .*move it away/);
});
