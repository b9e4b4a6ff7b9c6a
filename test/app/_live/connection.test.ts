import { describe, expect, test } from "vitest";
import type { StreamState } from "../../../app/_live/connection.ts";
import { streamAfter, viewConnection } from "../../../app/_live/connection.ts";
import { startMs } from "./rows.ts";

const now = new Date(startMs);
const first: StreamState = { name: "Blobs", state: "connecting", attempt: 0 };
const live = streamAfter(
  streamAfter(first, { kind: "connection", state: "live", attempt: 0 }, now),
  begin("stream"),
  now,
);

function begin(source: "stream" | "polled", heartbeatMs = 10_000) {
  return { kind: "begin", source, heartbeatMs } as const;
}

function lost(stream: StreamState, at: Date): StreamState {
  return streamAfter(stream, { kind: "connection", state: "waiting", attempt: 1, retryAt: at, reason: "cut" }, at);
}

describe("a stream", () => {
  test("keeps when it was heard and from where while it is lost, and since when it is", () => {
    const cut = lost(live, new Date(startMs + 5000));
    const again = streamAfter(cut, { kind: "connection", state: "connecting", attempt: 2 }, new Date(startMs + 9000));
    expect(cut).toMatchObject({ heardAt: now, source: "stream", lostAt: startMs + 5000, reason: "cut" });
    expect(again).toMatchObject({ heardAt: now, lostAt: startMs + 5000, attempt: 2 });
    expect(again).not.toHaveProperty("reason");
  });

  test("is lost no longer once it is live", () => {
    const again = streamAfter(lost(live, now), { kind: "connection", state: "live", attempt: 0 }, now);
    expect(again).not.toHaveProperty("lostAt");
  });
});

describe("the connection", () => {
  const view = (streams: readonly StreamState[], afterMs = 0, isOnline = true) =>
    viewConnection(streams, startMs + afterMs, isOnline);

  test("is live while every stream is", () => {
    expect(view([live])).toMatchObject({ state: "live", lostMs: 0 });
    expect(view([live])).not.toHaveProperty("polledMs");
  });

  test("says how often a server without streams is asked", () => {
    const ingests = streamAfter(live, begin("polled", 2000), now);
    const blobs = streamAfter({ ...live, name: "Ingests" }, begin("polled", 10_000), now);
    expect(view([ingests, blobs])).toMatchObject({ state: "live", polledMs: 2000 });
  });

  test("connects until the server was heard once", () => {
    expect(view([first])).toMatchObject({ state: "connecting" });
    expect(view([])).toMatchObject({ state: "connecting" });
  });

  test("is stale three seconds after one of its streams was lost, not before", () => {
    const streams = [live, { ...lost(live, now), name: "Ingests" }];
    expect(view(streams, 2999)).toMatchObject({ state: "live" });
    expect(view(streams, 3000)).toMatchObject({ state: "stale", lostMs: 3000, heardAt: now, retryAt: now });
  });

  test("is offline when the browser says so and a stream is lost", () => {
    expect(view([lost(live, now)], 100, false)).toMatchObject({ state: "offline" });
    expect(view([live], 100, false)).toMatchObject({ state: "live" });
  });
});
