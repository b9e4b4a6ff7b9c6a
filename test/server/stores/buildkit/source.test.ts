import type { Http2Server } from "node:http2";
import { createServer } from "node:http2";
import type { Socket } from "node:net";
import { join } from "node:path";
import type { ConnectRouter, HandlerContext } from "@connectrpc/connect";
import { Code, ConnectError } from "@connectrpc/connect";
import { connectNodeAdapter } from "@connectrpc/connect-node";
import { expect, onTestFinished, test } from "vitest";
import type { Digest } from "../../../../content/digest.ts";
import { ContentError } from "../../../../content/errors.ts";
import { parseDigest } from "../../../../content/parse-digest.ts";
import type { Store } from "../../../../content/store.ts";
import { infoToWire, statusToWire, toConnectError } from "../../../../content/wire.ts";
import { Content } from "../../../../gen/containerd/services/content/v1/content_pb.js";
import { Version } from "../../../../gen/containerd/services/version/v1/version_pb.js";
import { openBuildkitSource } from "../../../../server/stores/buildkit/source.ts";
import { createMemoryStore } from "../../../../server/stores/memory/store.ts";
import { bytes, digests, failure, get, KiB, leave, noise, put } from "../../../suite/support.ts";
import { createLog } from "../../../support/log.ts";
import { makeTempDir } from "../../../support/temp-dir.ts";
import { follow, openTestMirror } from "../../mirror/support.ts";

/** What is in a buildkitd: what it builds with, and the records of its builds, each in a namespace that calls do not name. */
interface BuildkitdStores {
  readonly main: Store;
  readonly history: Store;
}

/**
 * What a buildkitd 0.24 serves of its content: reads alone. Blobs are those of both namespaces, listed one after the other, each in
 * the order of digests; ingests are those of the first. What it refuses has no code.
 */
function buildkitd({ main, history }: BuildkitdStores, headers: Headers[], hasStatuses: boolean) {
  const asked = ({ requestHeader }: HandlerContext): void => void headers.push(requestHeader);
  const refuse = (): never => {
    throw new ConnectError("read-only content store", Code.Unknown);
  };
  /** Where a blob is. */
  async function storeOf(digest: Digest): Promise<Store> {
    const isInMain = await main.info(digest).then(
      () => true,
      () => false,
    );
    return isInMain ? main : history;
  }
  return (router: ConnectRouter) =>
    router.service(Content, {
      async info({ digest }, context) {
        asked(context);
        const parsed = parseDigest(digest);
        return { info: infoToWire(await answered((await storeOf(parsed)).info(parsed))) };
      },
      async *list(_request, context) {
        asked(context);
        const infos = await Array.fromAsync(main.walk());
        const seen = new Set(infos.map(({ digest }) => digest));
        for await (const info of history.walk()) if (!seen.has(info.digest)) infos.push(info);
        for (let at = 0; at < infos.length; at += 100) yield { info: infos.slice(at, at + 100).map(infoToWire) };
      },
      async *read({ digest, offset, size }, context) {
        asked(context);
        const parsed = parseDigest(digest);
        await using reader = await answered((await storeOf(parsed)).readerAt({ digest: parsed }));
        let at = 0n;
        for await (const data of reader.read(Number(offset), size === 0n ? undefined : Number(size))) {
          yield { offset: at, data };
          at += BigInt(data.length);
        }
      },
      async status({ ref }, context) {
        asked(context);
        return { status: statusToWire(await answered(main.status(ref))) };
      },
      async listStatuses(_request, context) {
        asked(context);
        if (!hasStatuses) throw new ConnectError("unknown method", Code.Unimplemented);
        return { statuses: (await Array.fromAsync(main.listStatuses())).map(statusToWire) };
      },
      update: refuse,
      delete: refuse,
      abort: refuse,
      write: refuse,
    });
}

async function answered<T>(answer: Promise<T>): Promise<T> {
  return await answer.catch((error: unknown) => {
    throw error instanceof ContentError ? toConnectError(error) : error;
  });
}

async function serve(routes: (router: ConnectRouter) => void): Promise<string> {
  const path = join(await makeTempDir(), "buildkitd.sock");
  const server: Http2Server = createServer(connectNodeAdapter({ routes }));
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(path, resolve));
  onTestFinished(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return path;
}

async function openBuildkitd({ hasStatuses = true } = {}) {
  const store = createMemoryStore();
  const history = createMemoryStore();
  const headers: Headers[] = [];
  const path = await serve(buildkitd({ main: store, history }, headers, hasStatuses));
  const source = openBuildkitSource(path, { logger: createLog().logger });
  const { mirror } = await openTestMirror({ source });
  return { store, history, headers, source, mirror };
}

test("a buildkitd's content is shown in one namespace, followed and read, and no namespace is ever named to it", async () => {
  const { store, headers, source, mirror } = await openBuildkitd();
  const data = noise(600 * KiB);
  const digest = await put(store, data);
  const content = mirror.in({ namespace: "buildkit" });
  expect(source.target).toMatch(/^unix:\/.*buildkitd.sock$/);
  expect(await digests(content)).toEqual([digest]);
  expect(mirror.catalog.namespaces()).toMatchObject([{ name: "buildkit", collected: false, untold: true }]);
  follow(mirror);
  const other = await put(store, bytes("other"));
  await leave(store, "layer", bytes("half"));
  await expect.poll(() => digests(content)).toEqual([digest, other].toSorted());
  await expect.poll(() => Array.fromAsync(content.listStatuses())).toMatchObject([{ ref: "layer", offset: 4 }]);
  await store.delete(other);
  await expect.poll(() => digests(content)).toEqual([digest]);
  expect((await get(content, digest)).equals(data)).toBe(true);
  expect((await get(content, digest, 300 * KiB, 5)).equals(data.subarray(300 * KiB, 300 * KiB + 5))).toBe(true);
  expect((await get(source.in({ namespace: "buildkit" }), digest, 1, 5)).equals(data.subarray(1, 6))).toBe(true);
  await expect(mirror.in({ namespace: "other" }).info(digest)).rejects.toEqual(failure("not-found"));
  expect(await mirror.catalog.hold("buildkit", digest)).toEqual({ state: "untold", holders: [], complete: true });
  expect(headers.length).toBeGreaterThan(5);
  expect(headers.filter((each) => each.has("containerd-namespace"))).toEqual([]);
});

test("the records of builds are shown among what it builds with, though they are listed behind it, and are read", async () => {
  const { store, history, mirror } = await openBuildkitd();
  const shared = await put(store, bytes("shared"));
  await put(history, bytes("shared"));
  const names = (what: string) => Array.from({ length: 130 }, (_, at) => `${what} ${at}`);
  const built = await Promise.all(names("built").map((text) => put(store, bytes(text))));
  const records = await Promise.all(names("record").map((text) => put(history, bytes(text))));
  const content = mirror.in({ namespace: "buildkit" });
  expect(await digests(content)).toEqual([shared, ...built, ...records].toSorted());
  const { changes } = follow(mirror);
  const [record, other] = records;
  if (record === undefined || other === undefined) throw new Error("there are records");
  expect((await get(content, record)).toString()).toBe("record 0");

  // A prune of the records, and of all that was built.
  await history.delete(other);
  for (const digest of built) await store.delete(digest);
  await expect.poll(() => digests(content)).toEqual([shared, ...records.filter((each) => each !== other)].toSorted());
  expect(changes.filter(({ kind }) => kind === "blob")).toHaveLength(built.length + 1);
  expect(mirror.state.state).toBe("live");
});

test("one that tells of no ingests has none", async () => {
  const { store, mirror } = await openBuildkitd({ hasStatuses: false });
  const digest = await put(store, bytes("a"));
  const content = mirror.in({ namespace: "buildkit" });
  expect(await digests(content)).toEqual([digest]);
  expect(await Array.fromAsync(content.listStatuses())).toEqual([]);
  expect(mirror.state.state).toBe("live");
});

test("it cannot be changed, and what would help is said", async () => {
  const { store, mirror, source } = await openBuildkitd();
  const digest = await put(store, bytes("a"));
  const text = "store there is opened read-only; a buildkitd lets its content only be read; change it with buildctl";
  const content = mirror.in({ namespace: "buildkit" });
  for (const change of [() => content.delete(digest), () => put(content, bytes("b")), () => content.abort("layer")]) {
    await expect(change()).rejects.toEqual(failure("permission-denied", text));
  }
  await expect(source.in({ namespace: "buildkit" }).delete(digest)).rejects.toEqual(failure("permission-denied"));
});

test("a daemon without content is said to be none", async () => {
  const path = await serve((router) => router.service(Version, { version: () => ({ version: "v1" }) }));
  const source = openBuildkitSource(`unix:${path}`, { logger: createLog().logger });
  const { mirror } = await openTestMirror({ source });
  const text = /store there does not answer: it serves no content: it is no buildkitd, or an older one/;
  await expect(mirror.ready()).rejects.toEqual(failure("unavailable", text));
});
