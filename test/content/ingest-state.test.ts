import { describe, expect, test } from "vitest";
import type { Sample } from "../../content/eta.ts";
import { compareIngests, ingestStates, ingestThresholds, isTrouble, viewIngest } from "../../content/ingest-state.ts";
import type { Ingest } from "../../content/remote/events.ts";

const now = new Date("2026-01-02T03:04:05Z");

const ago = (ms: number) => new Date(now.getTime() - ms);

/** An ingest of `offset` bytes that began an hour ago and was taken ten minutes ago; its last byte came now. */
function ingest(state: Ingest["state"], offset: number, rest: Partial<Ingest["status"]> = {}): Ingest {
  return {
    namespace: "default",
    status: { ref: "layer-1", offset, total: 0, startedAt: ago(3_600_000), updatedAt: now, ...rest },
    state,
    holder: "",
    rateBytesPerSecond: 0,
    lastError: "",
    ...(state !== "resumable" && state !== "unknown" && { lockedAt: ago(600_000) }),
  };
}

/** One sample a second over the last two minutes, up to `offset` at `rate`. */
function samplesTo(offset: number, rate: number): readonly Sample[] {
  return Array.from({ length: 121 }, (_, index) => {
    const second = 120 - index;
    return { atMs: now.getTime() - second * 1000, offset: Math.max(0, offset - rate * second) };
  });
}

const mebibyte = 1024 * 1024;

describe("an ingest is", () => {
  test("active while bytes come, with the time that is left", () => {
    const view = viewIngest(
      ingest("writing", 200 * mebibyte, { total: 300 * mebibyte }),
      samplesTo(200 * mebibyte, mebibyte),
      now,
    );
    expect(view).toEqual({ state: "active", idleMs: 0, etaMs: expect.closeTo(100_000, -1) });
  });
  test("active without a time left before anything was measured", () => {
    expect(viewIngest(ingest("writing", 100, { total: 200 }), [], now)).toEqual({ state: "active", idleMs: 0 });
  });
  test("waiting after 5 s without a byte, and tells no time left", () => {
    const at = (ms: number) => viewIngest(ingest("writing", 100, { total: 200, updatedAt: ago(ms) }), [], now);
    expect(at(4999).state).toBe("active");
    expect(at(5000)).toEqual({ state: "waiting", idleMs: 5000 });
    expect(at(29_999).state).toBe("waiting");
  });
  test("stalled after 30 s without a byte, whether the server said so already or not", () => {
    expect(viewIngest(ingest("writing", 100, { updatedAt: ago(30_000) }), [], now).state).toBe("stalled");
    expect(viewIngest(ingest("stalled", 100, { updatedAt: ago(29_000) }), [], now).state).toBe("stalled");
  });
  test("active, not stalled, when a writer has just gone on with an old one", () => {
    const resumed = { ...ingest("writing", 100, { updatedAt: ago(3_000_000) }), lockedAt: ago(1000) };
    expect(viewIngest(resumed, [], now)).toEqual({ state: "active", idleMs: 1000 });
  });
  test("crawling when the mean of 60 s is below 64 KiB/s", () => {
    const at = (rate: number) => viewIngest(ingest("writing", 200 * mebibyte), samplesTo(200 * mebibyte, rate), now);
    expect(at(64 * 1024 - 1).state).toBe("crawling");
    expect(at(64 * 1024).state).toBe("active");
  });
  test("crawling, not waiting, between the bytes of a trickle", () => {
    const trickle = [70, 40, 10].map((second, index) => ({ atMs: now.getTime() - second * 1000, offset: index + 1 }));
    expect(viewIngest(ingest("writing", 3, { updatedAt: ago(10_000) }), trickle, now).state).toBe("crawling");
  });
  test("crawling when it would take over an hour more", () => {
    const at = (total: number) =>
      viewIngest(ingest("writing", 200 * mebibyte, { total }), samplesTo(200 * mebibyte, mebibyte), now).state;
    expect(at((200 + 3590) * mebibyte)).toBe("active");
    expect(at((200 + 3610) * mebibyte)).toBe("crawling");
  });
  test("not crawling on what was measured before its writer took it", () => {
    const resumed = { ...ingest("writing", 100), lockedAt: ago(20_000) };
    expect(viewIngest(resumed, samplesTo(100, 1), now).state).toBe("active");
  });
  test("not crawling once all bytes are there and the commit is on its way", () => {
    const complete = ingest("writing", 100, { total: 100, updatedAt: ago(1000) });
    expect(viewIngest(complete, samplesTo(100, 0), now).state).toBe("active");
  });
  test("resumable when nobody writes, however long", () => {
    expect(viewIngest(ingest("resumable", 100, { updatedAt: ago(1000) }), [], now).state).toBe("resumable");
    expect(viewIngest(ingest("resumable", 100, { updatedAt: ago(3_000_000) }), [], now).state).toBe("resumable");
  });
  test.each(["writing", "stalled", "resumable", "unknown"] as const)("empty with 0 bytes for 5 min (%s)", (state) => {
    const at = (ms: number) => {
      const waiting = ingest(state, 0, { updatedAt: ago(ms) });
      return viewIngest({ ...waiting, ...(waiting.lockedAt && { lockedAt: ago(ms) }) }, [], now).state;
    };
    expect(at(299_999)).not.toBe("empty");
    expect(at(300_000)).toBe("empty");
  });
  test("idle, not stalled, where the server does not say whether anybody writes", () => {
    expect(viewIngest(ingest("unknown", 100), [], now).state).toBe("active");
    expect(viewIngest(ingest("unknown", 100, { updatedAt: ago(6000) }), [], now).state).toBe("waiting");
    expect(viewIngest(ingest("unknown", 100, { updatedAt: ago(30_000) }), [], now).state).toBe("idle");
  });
  test("active when its samples moved, though the server's updated_at did not", () => {
    const old = ingest("unknown", 200 * mebibyte, { updatedAt: ago(3_000_000) });
    expect(viewIngest(old, samplesTo(200 * mebibyte, mebibyte), now)).toEqual({ state: "active", idleMs: 0 });
  });
});

test("a clock that is behind the server's makes nothing idle", () => {
  const ahead = ingest("writing", 100, { updatedAt: new Date(now.getTime() + 5000) });
  expect(viewIngest(ahead, [], now)).toEqual({ state: "active", idleMs: 0 });
});

test("thresholds can be set", () => {
  const thresholds = { ...ingestThresholds, stalledMs: 10_000 };
  const quiet = ingest("writing", 100, { updatedAt: ago(10_000) });
  expect(viewIngest(quiet, [], now, thresholds).state).toBe("stalled");
});

test("trouble is sorted first, then the oldest, then by name", () => {
  const row = (state: (typeof ingestStates)[number], ref: string, startedMs: number) => ({
    ingest: ingest("writing", 1, { ref, startedAt: ago(startedMs) }),
    view: { state, idleMs: 0 },
  });
  const rows = [
    row("active", "f", 9000),
    row("resumable", "e", 9000),
    row("stalled", "d", 1000),
    row("crawling", "c", 9000),
    row("stalled", "b", 2000),
    row("stalled", "a", 1000),
  ];
  expect(rows.sort(compareIngests).map((each) => each.ingest.status.ref)).toEqual(["b", "a", "d", "c", "e", "f"]);
  expect(ingestStates.filter(isTrouble)).toEqual(["stalled", "empty", "crawling"]);
});
