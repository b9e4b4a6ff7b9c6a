import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { openBlobInbox } from "../../../server/feed/blob-inbox.ts";
import { compileSelection } from "../../../server/feed/selection.ts";
import { feedTiming } from "../../../server/feed/timing.ts";
import type { Table } from "./table.ts";
import { createTable, digestOf } from "./table.ts";

const minIntervalMs = 100;
const timing = { ...feedTiming, pendingKeys: 5, settleMs: 1000 };

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: 0 });
});

afterEach(() => {
  vi.useRealTimers();
});

/** What a reader of the namespace `a` has not been told, from now on. */
function open(table: Table, since = table.feed.sequence) {
  const wake = vi.fn();
  const selection = compileSelection({}, "a");
  const inbox = openBlobInbox(table.feed, selection, { since, minIntervalMs, timing, wake });
  return { inbox, wake, digests: () => inbox.take(Date.now()).map(({ digest }) => digest) };
}

test("holds what happens in its namespaces from a number on, one entry a digest", () => {
  const table = createTable();
  table.put("a", digestOf(1), 1);
  table.hold();
  table.put("a", digestOf(2), 1);
  const { digests, wake } = open(table, table.feed.sequence);
  table.tell();
  expect(digests()).toEqual([]);
  table.put("a", digestOf(3), 1);
  table.put("b", digestOf(4), 1);
  table.put("a", digestOf(3), 1, { tier: "gold" });
  expect(wake).toHaveBeenCalledTimes(2);
  expect(digests()).toEqual([digestOf(3)]);
  expect(digests()).toEqual([]);
});

test("holds a digest back until its interval is over", () => {
  const table = createTable();
  const { inbox, digests } = open(table);
  table.put("a", digestOf(1), 1);
  expect(digests()).toEqual([digestOf(1)]);
  table.put("a", digestOf(1), 1, { tier: "gold" });
  expect([digests(), inbox.dueAt(0)]).toEqual([[], minIntervalMs]);
  vi.setSystemTime(minIntervalMs);
  expect(digests()).toEqual([digestOf(1)]);
});

describe("once rows of a newer view were told", () => {
  test("nothing is taken until the feed has told what that view had, and then at once", () => {
    const table = createTable();
    const { inbox, digests } = open(table);
    table.put("a", digestOf(1), 1);
    digests();
    table.hold();
    table.put("a", digestOf(1), 1, { tier: "gold" });
    table.put("a", digestOf(2), 1);
    inbox.saw(table.feed.sequence);
    table.tell(1);
    expect([inbox.settled, digests()]).toEqual([false, []]);
    table.tell(1);
    expect(digests()).toEqual([digestOf(1), digestOf(2)]);
    expect(inbox.settled).toBe(true);
  });

  test("it does not wait for ever for a change that is never told", () => {
    const table = createTable();
    const { inbox, digests } = open(table);
    table.hold();
    table.put("a", digestOf(1), 1);
    table.tell(1);
    table.put("b", digestOf(1), 1);
    inbox.saw(table.feed.sequence);
    expect([digests(), inbox.dueAt(0)]).toEqual([[], timing.settleMs]);
    vi.setSystemTime(timing.settleMs);
    expect(digests()).toEqual([digestOf(1)]);
    expect(inbox.settled).toBe(true);
  });

  test("an older view changes nothing", () => {
    const table = createTable();
    const { inbox } = open(table);
    inbox.saw(0);
    expect([inbox.settled, inbox.seen]).toEqual([true, 0]);
  });
});

test("beyond its bound it overflows, holds nothing and listens no more", () => {
  const table = createTable();
  const { inbox, wake, digests } = open(table);
  for (let number = 0; number <= timing.pendingKeys; number += 1) table.put("a", digestOf(number), 1);
  expect([inbox.overflowed, digests(), table.feed.watched]).toEqual([true, [], false]);
  expect(wake).toHaveBeenCalledTimes(timing.pendingKeys + 1);
});

test("disposed of, it listens no more", () => {
  const table = createTable();
  const { inbox } = open(table);
  inbox[Symbol.dispose]();
  inbox[Symbol.dispose]();
  expect([inbox.overflowed, table.feed.watched]).toEqual([false, false]);
});
