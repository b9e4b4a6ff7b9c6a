import type { Http2Server } from "node:http2";
import { createServer } from "node:http2";
import type { Socket } from "node:net";
import { join } from "node:path";
import type { ConnectRouter, HandlerContext } from "@connectrpc/connect";
import { Code, ConnectError } from "@connectrpc/connect";
import { connectNodeAdapter } from "@connectrpc/connect-node";
import { expect, onTestFinished, test } from "vitest";
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

/** What a buildkitd serves of its content: reads alone, over a store whose namespace is its own, whatever a call says. */
function buildkitd(store: Store, headers: Headers[], hasStatuses: boolean): (router: ConnectRouter) => void {
  const asked = ({ requestHeader }: HandlerContext): void => void headers.push(requestHeader);
  const unimplemented = new ConnectError("read-only content store", Code.Unimplemented);
  const refuse = (): never => {
    throw unimplemented;
  };
  return (router) =>
    router.service(Content, {
      async info({ digest }, context) {
        asked(context);
        return { info: infoToWire(await answered(store.info(parseDigest(digest)))) };
      },
      async *list(_request, context) {
        asked(context);
        for await (const info of store.walk()) yield { info: [infoToWire(info)] };
      },
      async *read({ digest, offset, size }, context) {
        asked(context);
        await using reader = await answered(store.readerAt({ digest: parseDigest(digest) }));
        let at = 0n;
        for await (const data of reader.read(Number(offset), size === 0n ? undefined : Number(size))) {
          yield { offset: at, data };
          at += BigInt(data.length);
        }
      },
      async status({ ref }, context) {
        asked(context);
        return { status: statusToWire(await answered(store.status(ref))) };
      },
      async listStatuses(_request, context) {
        asked(context);
        if (!hasStatuses) throw unimplemented;
        return { statuses: (await Array.fromAsync(store.listStatuses())).map(statusToWire) };
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
  const headers: Headers[] = [];
  const source = openBuildkitSource(await serve(buildkitd(store, headers, hasStatuses)), {
    logger: createLog().logger,
  });
  const { mirror } = await openTestMirror({ source });
  return { store, headers, source, mirror };
}

test("a buildkitd's content is shown in one namespace, followed and read, and no namespace is ever named to it", async () => {
  const { store, headers, source, mirror } = await openBuildkitd();
  const data = noise(600 * KiB);
  const digest = await put(store, data);
  const content = mirror.in({ namespace: "buildkit" });
  expect(source.target).toMatch(/^unix:\/.*buildkitd.sock$/);
  expect(await digests(content)).toEqual([digest]);
  expect((await mirror.namespaces.list()).map(({ name }) => name)).toEqual(["buildkit"]);
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
  expect(await mirror.catalog.hold("buildkit", digest)).toMatchObject({ state: "kept" });
  expect(headers.length).toBeGreaterThan(5);
  expect(headers.filter((each) => each.has("containerd-namespace"))).toEqual([]);
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
