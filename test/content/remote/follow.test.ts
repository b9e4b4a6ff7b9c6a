import type { MessageInitShape } from "@bufbuild/protobuf";
import { Code, ConnectError, createRouterTransport } from "@connectrpc/connect";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { parseDigest } from "../../../content/parse-digest.ts";
import type { BlobEvent, IngestEvent } from "../../../content/remote/events.ts";
import { followBlobs, followIngests } from "../../../content/remote/follow.ts";
import type { FollowOptions, FollowTiming } from "../../../content/remote/follow-options.ts";
import {
  ContentService,
  End_Reason,
  type ListRequest,
  type ListResponseSchema,
  type StatusRequest,
  type StatusResponseSchema,
} from "../../../gen/stowage/v1/content_pb.js";

type StatusMessage = MessageInitShape<typeof StatusResponseSchema>;
type ListMessage = MessageInitShape<typeof ListResponseSchema>;

/** Quick enough to see every wait end. */
const quick: Partial<FollowTiming> = { minDelayMs: 1, maxDelayMs: 4 };
/** Waits that only a wake can end. */
const patient: Partial<FollowTiming> = { minDelayMs: 3_600_000, maxDelayMs: 3_600_000 };

const digest = parseDigest(`sha256:${"a".repeat(64)}`);
const begin = (heartbeatMs = 10_000): StatusMessage & ListMessage => {
  const heartbeatInterval = { seconds: 0n, nanos: heartbeatMs * 1_000_000 };
  if (heartbeatMs >= 1000) Object.assign(heartbeatInterval, { seconds: BigInt(heartbeatMs / 1000), nanos: 0 });
  return { event: { case: "begin", value: { heartbeatInterval } } };
};
const bookmark: StatusMessage & ListMessage = {
  event: {
    case: "bookmark",
    value: { count: 2n, bytes: 3n, wholeCount: 5n, wholeBytes: 7n, setComplete: true, serverTime: { seconds: 9n } },
  },
};
const row: StatusMessage = {
  event: { case: "batch", value: { ingests: [{ namespace: "n", status: { ref: "r", offset: 4n } }] } },
};
const end = (reason: End_Reason): StatusMessage & ListMessage => ({ event: { case: "end", value: { reason } } });

/** One connection to the peer: what it sends. It stays open after the last message when `silent`, and throws an error. */
type Connection = readonly (StatusMessage | "silent" | ConnectError)[];

/** A peer whose n-th connection sends just that; the one after the last stays silent. */
function peer(connections: readonly Connection[]) {
  const requests: StatusRequest[] = [];
  let cancelled = 0;
  const transport = createRouterTransport((router) =>
    router.service(ContentService, {
      async *status(request, { signal }) {
        requests.push(request);
        signal.addEventListener("abort", () => {
          cancelled += 1;
        });
        for (const step of connections[requests.length - 1] ?? ["silent"]) {
          if (step instanceof ConnectError) throw step;
          if (step !== "silent") yield step;
          else await new Promise((resolve) => signal.addEventListener("abort", resolve));
        }
      },
    }),
  );
  return { transport, requests, cancelled: () => cancelled };
}

/** In a few letters what was told, so that a whole course can be compared. */
function short(event: IngestEvent | BlobEvent): string {
  if (event.kind === "connection") return `${event.state} ${event.attempt}`;
  return event.kind;
}

/** Follows until an event satisfies `enough`. */
async function follow(
  transport: ReturnType<typeof createRouterTransport>,
  options: FollowOptions,
  enough: (event: IngestEvent, told: readonly IngestEvent[]) => boolean,
): Promise<IngestEvent[]> {
  const stop = new AbortController();
  const told: IngestEvent[] = [];
  for await (const event of followIngests(transport, { timing: quick, ...options }, stop.signal)) {
    told.push(event);
    if (enough(event, told)) stop.abort();
  }
  return told;
}

const isKind = (kind: IngestEvent["kind"]) => (event: IngestEvent) => event.kind === kind;
const countOf = (kind: IngestEvent["kind"], count: number) => (_: IngestEvent, told: readonly IngestEvent[]) => {
  return told.filter((event) => event.kind === kind).length === count;
};

describe("a stream", () => {
  test("tells the connection, the set and its changes", async () => {
    const ended: StatusMessage = {
      event: { case: "ended", value: { namespace: "n", ref: "r", outcome: 1, digest, size: 4n, by: "mei" } },
    };
    const { transport, requests } = peer([[begin(), row, bookmark, ended, "silent"]]);
    const selection = { filters: ["ref==r"], regexp: "r", namespaces: ["n"] };
    const told = await follow(transport, { selection, minIntervalMs: 1500 }, isKind("ended"));
    expect(told.map(short)).toEqual(["connecting 1", "live 0", "begin", "ingests", "bookmark", "ended"]);
    expect(told[2]).toEqual({ kind: "begin", source: "stream", heartbeatMs: 10_000 });
    expect(told[3]).toMatchObject({ ingests: [{ namespace: "n", status: { ref: "r", offset: 4 } }] });
    expect(told[4]).toMatchObject({ count: 2, bytes: 3, wholeCount: 2, wholeBytes: 3, complete: true });
    expect(told[4]).toMatchObject({ serverTime: new Date(9000) });
    expect(told[5]).toMatchObject({ ended: { outcome: "committed", digest, size: 4, by: "mei" } });
    expect(requests[0]).toMatchObject({
      selection: { filters: ["ref==r"], regexp: "r", namespaces: ["n"] },
      watch: { follow: true, minInterval: { seconds: 1n, nanos: 500_000_000 } },
    });
  });

  test("is cancelled at the server when the consumer stops", async () => {
    const { transport, cancelled } = peer([[begin(), bookmark, "silent"]]);
    for await (const event of followIngests(transport, {}, new AbortController().signal)) {
      if (event.kind === "bookmark") break;
    }
    await expect.poll(cancelled).toBe(1);
  });

  test("that was cut is opened anew, and the set comes again", async () => {
    const { transport } = peer([
      [begin(), row],
      [begin(), bookmark, new ConnectError("gone", Code.Unavailable)],
      [begin(), bookmark, "silent"],
    ]);
    const told = await follow(transport, {}, countOf("begin", 3));
    expect(told.map(short)).toEqual(
      ["connecting 1", "live 0", "begin", "ingests", "waiting 0"].concat(
        ["connecting 1", "live 0", "begin", "bookmark", "waiting 0"],
        ["connecting 1", "live 0", "begin"],
      ),
    );
    const reasons = told.flatMap((event) => (event.kind === "connection" && event.reason ? [event.reason] : []));
    expect(reasons).toEqual(["the stream was cut", "gone"]);
  });

  test("that is silent for three heartbeats is dead", async () => {
    const { transport, cancelled } = peer([[begin(5), bookmark, "silent"]]);
    const told = await follow(transport, {}, countOf("connection", 3));
    expect(told.at(-1)).toMatchObject({ state: "waiting", reason: "nothing came from the server for 0.015 s" });
    await expect.poll(cancelled).toBe(1);
  });

  test("that never begins is dead after a while", async () => {
    const { transport } = peer([["silent"]]);
    const told = await follow(transport, { timing: { ...quick, firstMessageMs: 5 } }, countOf("connection", 2));
    expect(told.map(short)).toEqual(["connecting 1", "waiting 1"]);
  });

  test("that is as old as it may get is followed by the next, unseen", async () => {
    const { transport } = peer([
      [begin(), bookmark, end(End_Reason.MAX_AGE)],
      [begin(), bookmark, "silent"],
    ]);
    const told = await follow(transport, { timing: patient }, countOf("bookmark", 2));
    expect(told.map(short)).toEqual(["connecting 1", "live 0", "begin", "bookmark", "begin", "bookmark"]);
  });

  test("of a server that stops says so while it waits", async () => {
    const { transport } = peer([[begin(), bookmark, end(End_Reason.SHUTDOWN)]]);
    const told = await follow(transport, {}, countOf("connection", 3));
    expect(told.at(-1)).toMatchObject({ state: "waiting", reason: "the server stops" });
  });

  test("may hold messages of a newer server", async () => {
    const { transport } = peer([[begin(), { event: { case: undefined } }, bookmark, "silent"]]);
    const told = await follow(transport, {}, isKind("bookmark"));
    expect(told.map(short)).toEqual(["connecting 1", "live 0", "begin", "bookmark"]);
  });
});

describe("the wait between two tries", () => {
  const dead: Connection = [new ConnectError("down", Code.Unavailable)];
  const isWait = (event: IngestEvent) => event.kind === "connection" && event.state === "waiting";

  test("counts tries until it is live again", async () => {
    const { transport } = peer([dead, dead, [begin(), bookmark, "silent"]]);
    const told = await follow(transport, {}, isKind("bookmark"));
    expect(told.map(short).slice(0, 6)).toEqual(
      ["connecting 1", "waiting 1", "connecting 2", "waiting 2"].concat(["connecting 3", "live 0"]),
    );
  });

  test("doubles its bound with every failure, and falls back only after a row", async () => {
    using random = vi.spyOn(Math, "random").mockReturnValue(1);
    onTestFinished(() => void vi.useRealTimers());
    vi.useFakeTimers({ toFake: ["Date"] });
    const timing = { minDelayMs: 1_000, maxDelayMs: 8_000 };
    const begins: Connection = [begin()];
    const { transport } = peer([dead, begins, begins, begins, [begin(), row], begins]);
    const waits: number[] = [];
    await follow(transport, { timing, wake: atOnce }, (event) => {
      if (event.kind !== "connection" || event.retryAt === undefined) return false;
      waits.push(Math.round((event.retryAt.getTime() - Date.now()) / 1_000));
      return waits.length === 6;
    });
    expect(waits).toEqual([2, 4, 8, 8, 2, 4]);
    random.mockReturnValue(0);
    const [shortest] = await follow(peer([dead]).transport, { timing }, isWait).then((told) => told.filter(isWait));
    expect(shortest?.kind === "connection" && shortest.retryAt && shortest.retryAt.getTime() - Date.now()).toBeLessThan(
      1_001,
    );
  });

  test("ends at once when it is woken", async () => {
    const { transport } = peer([dead, [begin(), bookmark, "silent"]]);
    let woken = 0;
    const wake = (retry: () => void) => {
      woken += 1;
      queueMicrotask(retry);
      return () => {
        woken -= 1;
      };
    };
    const told = await follow(transport, { timing: patient, wake }, isKind("bookmark"));
    expect(told.map(short)).toContain("live 0");
    expect(woken).toBe(0);
  });

  test("ends without an error when the signal aborts", async () => {
    const { transport } = peer([dead]);
    const stop = new AbortController();
    const events = followIngests(transport, { timing: patient }, stop.signal)[Symbol.asyncIterator]();
    await events.next();
    await events.next();
    const last = events.next();
    stop.abort();
    expect((await last).done).toBe(true);
  });
});

/** Ends every wait as soon as it begins. */
function atOnce(retry: () => void): () => void {
  queueMicrotask(retry);
  return () => undefined;
}

test.each([Code.InvalidArgument, Code.PermissionDenied, Code.Unauthenticated, Code.FailedPrecondition])(
  "what another try cannot mend is thrown (code %i)",
  async (code) => {
    const { transport, requests } = peer([[new ConnectError("no", code)]]);
    await expect(follow(transport, {}, () => false)).rejects.toMatchObject({ message: "no" });
    expect(requests.length).toBe(1);
  },
);

test("a stream of blobs tells rows, removals and exact counts, in the window that was asked for", async () => {
  const requests: ListRequest[] = [];
  const transport = createRouterTransport((router) =>
    router.service(ContentService, {
      async *list(request, { signal }) {
        requests.push(request);
        yield begin();
        yield { event: { case: "batch", value: { items: [{ namespace: "n", info: { digest, size: 3n } }] } } };
        yield bookmark;
        yield { event: { case: "removed", value: { namespace: "n", digest, leftSelection: true } } };
        await new Promise((resolve) => signal.addEventListener("abort", resolve));
      },
    }),
  );
  const stop = new AbortController();
  const told: BlobEvent[] = [];
  for await (const event of followBlobs(transport, { orderBy: "size desc", limit: 10 }, stop.signal)) {
    told.push(event);
    if (event.kind === "removed") stop.abort();
  }
  expect(told.map(short)).toEqual(["connecting 1", "live 0", "begin", "blobs", "bookmark", "removed"]);
  expect(told[3]).toMatchObject({ blobs: [{ namespace: "n", info: { digest, size: 3 } }] });
  expect(told[4]).toMatchObject({ count: 2, bytes: 3, wholeCount: 5, wholeBytes: 7 });
  expect(told[5]).toEqual({ kind: "removed", namespace: "n", digest, leftSelection: true });
  expect(requests[0]).toMatchObject({ orderBy: "size desc", limit: 10, watch: { follow: true } });
});
