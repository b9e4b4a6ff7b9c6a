import type { MessageInitShape } from "@bufbuild/protobuf";
import { durationFromMs, timestampFromMs } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError, createRouterTransport } from "@connectrpc/connect";
import { describe, expect, test } from "vitest";
import type { BlobEvent, IngestEvent } from "../../../content/remote/events.ts";
import { followBlobs, followIngests } from "../../../content/remote/follow.ts";
import type { FollowOptions } from "../../../content/remote/follow-options.ts";
import { createStreamMemory } from "../../../content/remote/stream-memory.ts";
import { Content } from "../../../gen/containerd/services/content/v1/content_pb.js";
import type { ListResponseSchema, StatusResponseSchema } from "../../../gen/stowage/v1/content_pb.js";
import { ContentService, End_Reason } from "../../../gen/stowage/v1/content_pb.js";

type Message = MessageInitShape<typeof StatusResponseSchema> & MessageInitShape<typeof ListResponseSchema>;
type StatusMessage = MessageInitShape<typeof StatusResponseSchema>;

const begin = (heartbeatMs = 10_000): Message => ({
  event: { case: "begin", value: { heartbeatInterval: durationFromMs(heartbeatMs) } },
});
const bookmark = (token: string, setComplete = true): Message => ({
  event: { case: "bookmark", value: { token, setComplete } },
});
const end = (reason: End_Reason, token = ""): Message => ({ event: { case: "end", value: { reason, token } } });
const ended = (ref: string, atMs = 1000): StatusMessage => ({
  event: {
    case: "ended",
    value: { namespace: "n", ref, outcome: 1, startedAt: timestampFromMs(1), endedAt: timestampFromMs(atMs) },
  },
});
const cut = new ConnectError("gone", Code.Unavailable);
const refusal = new ConnectError("resume_token is none of this server's", Code.InvalidArgument);

/** One connection to the peer: what it sends; it stays open after the last message when `silent`. */
type Connection = readonly (StatusMessage | "silent" | ConnectError)[];

/** A peer whose n-th connection sends just that; the one after the last stays silent. */
function peer(connections: readonly Connection[]) {
  const tokens: string[] = [];
  const transport = createRouterTransport((router) => {
    router.service(ContentService, {
      async *status({ watch }, { signal }) {
        tokens.push(watch?.resumeToken ?? "");
        for (const step of connections[tokens.length - 1] ?? ["silent"]) {
          if (step instanceof ConnectError) throw step;
          if (step !== "silent") yield step;
          else await new Promise((resolve) => signal.addEventListener("abort", resolve));
        }
      },
    });
    router.service(Content, { listStatuses: () => ({ statuses: [] }) });
  });
  return { transport, tokens };
}

/** Follows until so many events came, but those of the connection. */
async function follow(transport: ReturnType<typeof createRouterTransport>, count: number, options: FollowOptions = {}) {
  const stop = new AbortController();
  const told: IngestEvent[] = [];
  const timing = { minDelayMs: 1, maxDelayMs: 2, ingestPollMs: 1 };
  for await (const event of followIngests(transport, { timing, ...options }, stop.signal)) {
    if (event.kind === "connection") continue;
    told.push(event);
    if (told.length === count) stop.abort();
  }
  return told;
}

const kindsOf = (events: readonly (IngestEvent | BlobEvent)[]) => events.map(({ kind }) => kind);

describe("the next connection goes on from the last token", () => {
  test("after a cut, without a begin", async () => {
    const { transport, tokens } = peer([
      [begin(), bookmark("one"), bookmark("two"), cut],
      [ended("r"), bookmark("three"), "silent"],
    ]);
    expect(kindsOf(await follow(transport, 5))).toEqual(["begin", "bookmark", "bookmark", "ended", "bookmark"]);
    expect(tokens).toEqual(["", "two"]);
  });

  test("after an end, from the token of the end", async () => {
    const { transport, tokens } = peer([
      [begin(), bookmark("one"), end(End_Reason.MAX_AGE, "last")],
      [bookmark("two"), end(End_Reason.SHUTDOWN, "later")],
      [bookmark("three"), "silent"],
    ]);
    await follow(transport, 4);
    expect(tokens).toEqual(["", "last", "later"]);
  });

  test("after silence, which is still measured by the heartbeat of the connection before", async () => {
    const { transport, tokens } = peer([
      [begin(4), bookmark("one"), "silent"],
      [bookmark("two"), "silent"],
      [bookmark("three"), "silent"],
    ]);
    await follow(transport, 4);
    expect(tokens).toEqual(["", "one", "two"]);
  });

  test("where a bookmark has no token, from the one before", async () => {
    const { transport, tokens } = peer([
      [begin(), bookmark("one"), bookmark("", false), cut],
      [bookmark("two"), "silent"],
    ]);
    await follow(transport, 4);
    expect(tokens).toEqual(["", "one"]);
  });
});

describe("the next connection begins anew", () => {
  test("where the set was not complete", async () => {
    const { transport, tokens } = peer([[begin(), bookmark("", false), cut], [begin()]]);
    await follow(transport, 3);
    expect(tokens).toEqual(["", ""]);
  });

  test("where the set began again and was not complete", async () => {
    const { transport, tokens } = peer([[begin(), bookmark("one"), begin(), cut], [begin()]]);
    await follow(transport, 4);
    expect(tokens).toEqual(["", ""]);
  });

  test("at once, unseen, where the server refuses the token", async () => {
    const { transport, tokens } = peer([
      [begin(), bookmark("one"), cut],
      [refusal],
      [begin(), bookmark("two"), "silent"],
    ]);
    expect(kindsOf(await follow(transport, 4))).toEqual(["begin", "bookmark", "begin", "bookmark"]);
    expect(tokens).toEqual(["", "one", ""]);
  });

  test("after a server without streams", async () => {
    const { transport, tokens } = peer([[begin(), bookmark("one"), cut], [new ConnectError("no", Code.Unimplemented)]]);
    const told = await follow(transport, 4);
    expect(told[2]).toMatchObject({ kind: "begin", source: "polled" });
    expect(tokens).toEqual(["", "one"]);
  });
});

test("what else the server finds invalid is thrown, with a token or without", async () => {
  const { transport, tokens } = peer([[begin(), bookmark("one"), cut], [refusal], [refusal]]);
  await expect(follow(transport, 9)).rejects.toMatchObject({ kind: "invalid-argument" });
  expect(tokens).toEqual(["", "one", ""]);
});

test("an end that comes again is told once, a later one of the same ref again", async () => {
  const { transport } = peer([
    [begin(), bookmark("one"), ended("r"), cut],
    [ended("r"), ended("r", 2000), ended("s"), "silent"],
  ]);
  const told = await follow(transport, 5);
  const refs = told.flatMap((event) =>
    event.kind === "ended" ? [[event.ended.ref, event.ended.endedAt.getTime()]] : [],
  );
  expect(refs).toEqual([
    ["r", 1000],
    ["r", 2000],
    ["s", 1000],
  ]);
});

test("a follow that is given the memory of the one before goes on, and gets again what that one did not take", async () => {
  const { transport, tokens } = peer([
    [begin(), bookmark("one"), ended("r"), "silent"],
    [ended("r"), bookmark("two"), "silent"],
  ]);
  const memory = createStreamMemory();
  for await (const event of followIngests(transport, { memory }, new AbortController().signal)) {
    if (event.kind === "ended") break;
  }
  expect(kindsOf(await follow(transport, 2, { memory }))).toEqual(["ended", "bookmark"]);
  expect(tokens).toEqual(["", "one"]);
});

test("blobs are gone on with as ingests are", async () => {
  const tokens: string[] = [];
  const transport = createRouterTransport((router) =>
    router.service(ContentService, {
      async *list({ watch }) {
        tokens.push(watch?.resumeToken ?? "");
        if (tokens.length === 1) yield begin();
        yield bookmark(`token ${tokens.length}`);
      },
    }),
  );
  const stop = new AbortController();
  const told: BlobEvent[] = [];
  for await (const event of followBlobs(transport, { timing: { minDelayMs: 1, maxDelayMs: 2 } }, stop.signal)) {
    if (event.kind !== "connection") told.push(event);
    if (told.length === 4) stop.abort();
  }
  expect(kindsOf(told)).toEqual(["begin", "bookmark", "bookmark", "bookmark"]);
  expect(tokens).toEqual(["", "token 1", "token 2"]);
});
