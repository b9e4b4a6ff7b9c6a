import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createFeed } from "../../../server/feed/feed.ts";
import { createRateMeter } from "../../../server/feed/rate.ts";
import { feedTiming } from "../../../server/feed/timing.ts";

beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
});

afterEach(() => {
  vi.useRealTimers();
});

function createIngests() {
  const feed = createFeed();
  const meter = createRateMeter(feed, feedTiming);
  let before: number | undefined;
  const row = (offset: number) => ({
    namespace: "a",
    status: { ref: "r", offset, total: 0, startedAt: new Date(), updatedAt: new Date() },
    holder: "",
    lastError: "",
  });
  return {
    feed,
    meter,
    rate: () => meter.rate("a", "r", Date.now()),
    grow(offset: number) {
      const change = { kind: "ingest" as const, namespace: "a", ref: "r", after: row(offset) };
      feed.publish(feed.number({ ...change, ...(before !== undefined && { before: row(before) }) }));
      before = offset;
    },
    end() {
      const end = { outcome: "aborted" as const, size: 0, by: "", endedAt: new Date() };
      feed.publish(feed.number({ kind: "ingest", namespace: "a", ref: "r", end }));
    },
  };
}

test("a steady ingest has its rate, give or take a tenth, at every moment", () => {
  const ingest = createIngests();
  ingest.meter.join(() => undefined);
  for (let step = 0; step <= 100; step += 1) {
    ingest.grow(step * 1000);
    if (step > 10) expect(Math.abs(ingest.rate() - 10_000)).toBeLessThanOrEqual(1000);
    vi.advanceTimersByTime(100);
  }
});

test("none is told in an ingest's first second", () => {
  const ingest = createIngests();
  ingest.meter.join(() => undefined);
  ingest.grow(0);
  vi.advanceTimersByTime(999);
  ingest.grow(1_000_000);
  expect(ingest.rate()).toBe(0);
  vi.advanceTimersByTime(1);
  expect(ingest.rate()).toBe(1_000_000);
});

test("it fades once nothing comes any more, and is 0 after the window", () => {
  const ingest = createIngests();
  ingest.meter.join(() => undefined);
  for (let step = 0; step <= 50; step += 1) {
    ingest.grow(step * 1000);
    vi.advanceTimersByTime(100);
  }
  const full = ingest.rate();
  vi.advanceTimersByTime(2000);
  expect(ingest.rate()).toBeGreaterThan(0);
  expect(ingest.rate()).toBeLessThan(full);
  vi.advanceTimersByTime(3000);
  expect(ingest.rate()).toBe(0);
});

test("bytes that were there before anybody looked do not count", () => {
  const ingest = createIngests();
  ingest.grow(1_000_000);
  ingest.meter.join(() => undefined);
  ingest.grow(1_000_100);
  vi.advanceTimersByTime(1000);
  expect(ingest.rate()).toBe(100);
});

test("an ingest that ended is not known, nor one of another name", () => {
  const ingest = createIngests();
  ingest.meter.join(() => undefined);
  ingest.grow(0);
  vi.advanceTimersByTime(2000);
  ingest.grow(1000);
  expect(ingest.rate()).toBeGreaterThan(0);
  expect(ingest.meter.rate("b", "r", Date.now())).toBe(0);
  ingest.end();
  expect(ingest.rate()).toBe(0);
});

test("it listens, and its timer runs, only while anybody reads", () => {
  const { feed, meter } = createIngests();
  const ticks = { one: 0, two: 0 };
  const leaveOne = meter.join(() => (ticks.one += 1));
  const leaveTwo = meter.join(() => (ticks.two += 1));
  vi.advanceTimersByTime(feedTiming.tickMs);
  leaveOne();
  vi.advanceTimersByTime(feedTiming.tickMs);
  expect(ticks).toEqual({ one: 1, two: 2 });
  expect(feed.watched).toBe(true);
  leaveTwo();
  leaveTwo();
  expect(feed.watched).toBe(false);
  expect(vi.getTimerCount()).toBe(0);
});
