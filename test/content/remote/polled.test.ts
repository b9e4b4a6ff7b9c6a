import type { MessageInitShape } from "@bufbuild/protobuf";
import { Code, ConnectError, type ConnectRouter, createRouterTransport } from "@connectrpc/connect";
import { describe, expect, test } from "vitest";
import { parseDigest } from "../../../content/parse-digest.ts";
import type { BlobEvent, IngestEvent } from "../../../content/remote/events.ts";
import { followBlobs, followIngests } from "../../../content/remote/follow.ts";
import type { BlobFollowOptions, FollowOptions } from "../../../content/remote/follow-options.ts";
import { Content, type InfoSchema, type StatusSchema } from "../../../gen/containerd/services/content/v1/content_pb.js";
import { Namespaces } from "../../../gen/containerd/services/namespaces/v1/namespace_pb.js";

type WireInfo = MessageInitShape<typeof InfoSchema>;
type WireStatus = MessageInitShape<typeof StatusSchema>;

const digestOf = (hex: string) => parseDigest(`sha256:${hex.repeat(64)}`);
const a = digestOf("a");
const b = digestOf("b");
const c = digestOf("c");
const d = digestOf("d");
const timing = { ingestPollMs: 1, blobPollMs: 1, minDelayMs: 1, maxDelayMs: 2 };

/** A containerd as far as it is asked here: what each namespace holds, to be changed between two looks. */
interface Peer {
  blobs: Record<string, WireInfo[]>;
  ingests: Record<string, WireStatus[]>;
  readonly hasNamespaces?: boolean;
}

function transportTo(peer: Peer) {
  const namespaceOf = (header: Headers) => header.get("containerd-namespace") ?? "none";
  return createRouterTransport((router: ConnectRouter) => {
    router.service(Content, {
      info({ digest }, { requestHeader }) {
        const info = peer.blobs[namespaceOf(requestHeader)]?.find((blob) => blob.digest === digest);
        if (info === undefined) throw new ConnectError(`content ${digest}: not found`, Code.NotFound);
        return { info };
      },
      async *list(_, { requestHeader }) {
        for (const info of peer.blobs[namespaceOf(requestHeader)] ?? []) yield { info: [info] };
      },
      listStatuses: (_, { requestHeader }) => ({ statuses: peer.ingests[namespaceOf(requestHeader)] ?? [] }),
    });
    if (peer.hasNamespaces === true) {
      router.service(Namespaces, {
        list: () => ({
          namespaces: [...new Set([...Object.keys(peer.blobs), ...Object.keys(peer.ingests)])].map((name) => ({
            name,
          })),
        }),
      });
    }
  });
}

/** Follows, with one change after each look, until there are no more changes. */
async function eventsOf<Event extends IngestEvent | BlobEvent>(
  follow: (signal: AbortSignal) => AsyncIterable<Event>,
  changes: (() => void)[],
): Promise<Event[]> {
  const stop = new AbortController();
  const told: Event[] = [];
  for await (const event of follow(stop.signal)) {
    if (event.kind !== "connection") told.push(event);
    if (event.kind !== "bookmark") continue;
    const change = changes.shift();
    if (change === undefined) stop.abort();
    else change();
  }
  return told;
}

function ingestsOf(peer: Peer, options: FollowOptions, changes: (() => void)[]): Promise<IngestEvent[]> {
  return eventsOf((signal) => followIngests(transportTo(peer), { timing, ...options }, signal), changes);
}

function blobsOf(peer: Peer, options: BlobFollowOptions, changes: (() => void)[]): Promise<BlobEvent[]> {
  return eventsOf((signal) => followBlobs(transportTo(peer), { timing, ...options }, signal), changes);
}

const started = (seconds: number) => ({ startedAt: { seconds: BigInt(seconds) } });
const moved = (seconds: number) => ({ updatedAt: { seconds: BigInt(seconds) } });

describe("ingests of a server without ContentService", () => {
  test("are told as polled, with what moved since the last look and its rate", async () => {
    const peer: Peer = {
      blobs: {},
      ingests: { n: [{ ref: "r", offset: 10n, total: 50n, ...started(1), ...moved(2) }] },
    };
    const grow = () => {
      peer.ingests = { n: [{ ref: "r", offset: 30n, total: 50n, ...started(1), ...moved(4) }] };
    };
    const told = await ingestsOf(peer, { namespace: "n" }, [grow, () => undefined, () => undefined]);
    expect(told.map(({ kind }) => kind)).toEqual(
      ["begin", "ingests", "bookmark", "ingests", "bookmark"].concat(["ingests", "bookmark", "bookmark"]),
    );
    expect(told[0]).toEqual({ kind: "begin", source: "polled", heartbeatMs: 1 });
    expect(told[1]).toMatchObject({ ingests: [{ namespace: "n", state: "unknown", rateBytesPerSecond: 0 }] });
    expect(told[2]).toMatchObject({ count: 1, bytes: 10, wholeCount: 1, wholeBytes: 10, complete: true });
    expect(told[3]).toMatchObject({
      ingests: [{ status: { ref: "r", offset: 30, total: 50 }, rateBytesPerSecond: 10 }],
    });
    expect(told[5]).toMatchObject({ ingests: [{ rateBytesPerSecond: 0 }] });
  });

  test("that are gone were committed where their digest is stored, otherwise nobody knows", async () => {
    const peer: Peer = {
      blobs: { n: [] },
      ingests: {
        n: [
          { ref: "done", offset: 4n, expected: a, ...started(1) },
          { ref: "gone", offset: 5n, expected: b, ...started(1) },
          { ref: "bare", offset: 6n, ...started(1) },
        ],
      },
    };
    const finish = () => {
      peer.ingests = {};
      peer.blobs = { n: [{ digest: a, size: 8n }] };
    };
    const told = await ingestsOf(peer, { namespace: "n" }, [finish]);
    const ends = told.flatMap((event) => (event.kind === "ended" ? [event.ended] : []));
    expect(ends).toMatchObject([
      { namespace: "n", ref: "done", outcome: "committed", digest: a, size: 8, startedAt: new Date(1000) },
      { ref: "gone", outcome: "unknown", size: 5 },
      { ref: "bare", outcome: "unknown", size: 6 },
    ]);
    expect(ends[1]).not.toHaveProperty("digest");
    expect(told.at(-1)).toMatchObject({ count: 0, bytes: 0 });
  });

  test("that started over under their ref have ended and begun", async () => {
    const peer: Peer = { blobs: {}, ingests: { n: [{ ref: "r", offset: 9n, ...started(1) }] } };
    const restart = () => {
      peer.ingests = { n: [{ ref: "r", offset: 1n, ...started(5) }] };
    };
    const told = await ingestsOf(peer, { namespace: "n" }, [restart]);
    expect(told.slice(3)).toMatchObject([
      { kind: "ended", ended: { ref: "r", outcome: "unknown", size: 9 } },
      { kind: "ingests", ingests: [{ status: { ref: "r", offset: 1 } }] },
      { kind: "bookmark", count: 1, bytes: 1 },
    ]);
  });

  test("are asked for again when the server does not answer", async () => {
    const transport = createRouterTransport((router) =>
      router.service(Content, {
        listStatuses: (_, { signal }) => new Promise((_resolve, reject) => signal.addEventListener("abort", reject)),
      }),
    );
    const options = { namespace: "n", timing: { ...timing, firstMessageMs: 5 } };
    for await (const event of followIngests(transport, options, new AbortController().signal)) {
      if (event.kind !== "connection" || event.state !== "waiting") continue;
      expect(event.reason).toBe("the server took too long");
      break;
    }
  });

  test("are searched by regexp in the ref", async () => {
    const peer: Peer = { blobs: {}, ingests: { n: [{ ref: "layer-1" }, { ref: "config" }] } };
    const told = await ingestsOf(peer, { namespace: "n", selection: { regexp: "^layer" } }, []);
    expect(told[1]).toMatchObject({ ingests: [{ status: { ref: "layer-1" } }] });
    expect(told[2]).toMatchObject({ count: 1 });
  });

  test("that a query asks for come, and leave without an end once it asks for them no more", async () => {
    const at = (offset: bigint) => ({ n: [{ ref: "r", offset, ...started(1) }] });
    const peer: Peer = { blobs: {}, ingests: at(1n) };
    const to = (offset: bigint) => () => {
      peer.ingests = at(offset);
    };
    const told = await ingestsOf(peer, { namespace: "n", selection: { query: "size:>4B" } }, [to(9n), to(2n)]);
    expect(told.slice(1)).toMatchObject([
      { kind: "bookmark", count: 0, bytes: 0 },
      { kind: "ingests", ingests: [{ status: { offset: 9 } }] },
      { kind: "bookmark", count: 1, bytes: 9 },
      { kind: "left", namespace: "n", ref: "r" },
      { kind: "bookmark", count: 0, bytes: 0 },
    ]);
  });

  test("in every namespace are those of all that the server lists, or of the client's own", async () => {
    const ingests = { n: [{ ref: "r" }], m: [{ ref: "r" }] };
    const selection = { namespaces: ["*"] };
    const all = await ingestsOf({ blobs: {}, ingests, hasNamespaces: true }, { namespace: "n", selection }, []);
    expect(all[1]).toMatchObject({ ingests: [{ namespace: "n" }, { namespace: "m" }] });
    const own = await ingestsOf({ blobs: {}, ingests }, { namespace: "m", selection }, []);
    expect(own[1]).toMatchObject({ ingests: [{ namespace: "m" }] });
    const named = await ingestsOf({ blobs: {}, ingests }, { selection: { namespaces: ["m", "n", "m"] } }, []);
    expect(named[1]).toMatchObject({ ingests: [{ namespace: "m" }, { namespace: "n" }] });
  });
});

describe("blobs of a server without ContentService", () => {
  const at = (seconds: number) => ({ createdAt: { seconds: BigInt(seconds) } });

  test("are told once, then as they change", async () => {
    const peer: Peer = {
      blobs: {
        n: [
          { digest: a, size: 1n },
          { digest: b, size: 2n },
        ],
      },
      ingests: {},
    };
    const label = () => {
      peer.blobs = {
        n: [
          { digest: a, size: 1n, labels: { x: "1" } },
          { digest: b, size: 2n },
          { digest: c, size: 3n },
        ],
      };
    };
    const told = await blobsOf(peer, { namespace: "n" }, [label, () => undefined]);
    expect(told).toMatchObject([
      { kind: "begin", source: "polled" },
      { kind: "blobs", blobs: [{ info: { digest: a } }, { info: { digest: b } }] },
      { kind: "bookmark", count: 2, bytes: 3, wholeCount: 2, wholeBytes: 3, complete: true },
      { kind: "blobs", blobs: [{ info: { digest: a, labels: { x: "1" } } }, { info: { digest: c } }] },
      { kind: "bookmark", count: 3, bytes: 6 },
      { kind: "bookmark", count: 3, bytes: 6 },
    ]);
  });

  test("keep to the window in its order and count what is beyond it", async () => {
    const peer: Peer = {
      blobs: {
        n: [
          { digest: a, size: 1n, ...at(3) },
          { digest: b, size: 2n, ...at(2) },
        ],
      },
      ingests: {},
    };
    peer.blobs.n?.push({ digest: c, size: 3n, ...at(1) });
    const newer = () => {
      peer.blobs = { n: [...(peer.blobs.n ?? []), { digest: d, size: 4n, ...at(4) }] };
    };
    const remove = () => {
      peer.blobs = { n: (peer.blobs.n ?? []).filter(({ digest }) => digest !== a) };
    };
    const told = await blobsOf(peer, { namespace: "n", orderBy: "created_at desc", limit: 2 }, [newer, remove]);
    expect(told.slice(1)).toMatchObject([
      { kind: "blobs", blobs: [{ info: { digest: a } }, { info: { digest: b } }] },
      { kind: "bookmark", count: 3, bytes: 6 },
      { kind: "removed", digest: b, leftSelection: true },
      { kind: "blobs", blobs: [{ info: { digest: d } }] },
      { kind: "bookmark", count: 4, bytes: 10 },
      { kind: "removed", digest: a, leftSelection: false },
      { kind: "blobs", blobs: [{ info: { digest: b } }] },
      { kind: "bookmark", count: 3, bytes: 9 },
    ]);
  });

  test("keep to a window that begins at a row, which may be gone", async () => {
    const infos = [a, b, c, d].map((digest, index) => ({ digest, size: BigInt(index + 1) }));
    const peer: Peer = { blobs: { n: infos.filter(({ digest }) => digest !== b) }, ingests: {} };
    const told = await blobsOf(peer, { namespace: "n", orderBy: "size", limit: 2, startAt: `2,${b},n` }, []);
    expect(told.slice(1)).toMatchObject([
      { kind: "blobs", blobs: [{ info: { digest: c } }, { info: { digest: d } }] },
      { kind: "bookmark", count: 3, bytes: 8 },
    ]);
  });

  test("keep the right window of many more rows than it has", async () => {
    const many = Array.from({ length: 5_000 }, (_, index) => {
      const hex = index.toString(16).padStart(64, "0");
      return { digest: parseDigest(`sha256:${hex}`), size: BigInt((index * 7_919) % 5_000) };
    });
    const told = await blobsOf(
      { blobs: { n: many }, ingests: {} },
      { namespace: "n", orderBy: "size desc", limit: 700 },
      [],
    );
    const sizes = told.flatMap((event) => (event.kind === "blobs" ? event.blobs.map(({ info }) => info.size) : []));
    expect(sizes).toEqual(Array.from({ length: 700 }, (_, index) => 4_999 - index));
    expect(told.flatMap((event) => (event.kind === "blobs" ? [event.blobs.length] : []))).toEqual([500, 200]);
    expect(told.at(-1)).toMatchObject({ count: 5_000 });
  });

  test("count rows in each namespace, and the bytes of a digest once", async () => {
    const blobs = {
      n: [
        { digest: a, size: 5n },
        { digest: b, size: 1n },
      ],
      m: [{ digest: a, size: 5n }],
    };
    const told = await blobsOf({ blobs, ingests: {}, hasNamespaces: true }, { selection: { namespaces: ["*"] } }, []);
    expect(told.at(-1)).toMatchObject({ count: 3, bytes: 6 });
  });

  test("are searched by regexp in digest and labels; what no longer matches has left the selection", async () => {
    const peer: Peer = { blobs: { n: [{ digest: a, labels: { tier: "hot" } }, { digest: b }] }, ingests: {} };
    const cool = () => {
      peer.blobs = { n: [{ digest: a, labels: { tier: "cold" } }, { digest: b }] };
    };
    const told = await blobsOf(peer, { namespace: "n", selection: { regexp: "^tier=hot$|^sha256:b" } }, [cool]);
    expect(told.slice(1)).toMatchObject([
      { kind: "blobs", blobs: [{ info: { digest: a } }, { info: { digest: b } }] },
      { kind: "bookmark", count: 2 },
      { kind: "removed", digest: a, leftSelection: true },
      { kind: "bookmark", count: 1 },
    ]);
  });

  test("are those that a query asks for", async () => {
    const peer: Peer = { blobs: { n: [a, b, c].map((digest, at) => ({ digest, size: BigInt(at) })) }, ingests: {} };
    const told = await blobsOf(peer, { namespace: "n", selection: { query: "size:>=1B -digest:cccccc" } }, []);
    expect(told.slice(1)).toMatchObject([
      { kind: "blobs", blobs: [{ info: { digest: b } }] },
      { kind: "bookmark", count: 1, bytes: 1 },
    ]);
  });

  test("cannot be ordered by what there is not", async () => {
    const follow = blobsOf({ blobs: {}, ingests: {} }, { namespace: "n", orderBy: "name" }, []);
    await expect(follow).rejects.toMatchObject({ kind: "invalid-argument" });
  });
});
