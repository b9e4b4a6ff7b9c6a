import type { Http2Server } from "node:http2";
import { createServer } from "node:http2";
import type { AddressInfo, Socket } from "node:net";
import { createServer as createTcpServer } from "node:net";
import { join } from "node:path";
import type { ConnectRouter } from "@connectrpc/connect";
import { connectNodeAdapter } from "@connectrpc/connect-node";
import { pino } from "pino";
import { expect, onTestFinished, test } from "vitest";
import type { Digest } from "../../../content/digest.ts";
import { Content } from "../../../gen/containerd/services/content/v1/content_pb.js";
import { Images } from "../../../gen/containerd/services/images/v1/images_pb.js";
import { Namespaces } from "../../../gen/containerd/services/namespaces/v1/namespace_pb.js";
import { Version } from "../../../gen/containerd/services/version/v1/version_pb.js";
import { openMirror } from "../../../server/mirror/mirror.ts";
import type { MirrorTiming } from "../../../server/mirror/timing.ts";
import { parseDaemonAddress } from "../../../server/stores/containerd/address.ts";
import { openContainerdSource } from "../../../server/stores/containerd/source.ts";
import { makeTempDir } from "../../support/temp-dir.ts";

const digest = `sha256:${"a".repeat(64)}`;

/** A daemon of a test's own, on a socket or a port. */
async function serve(routes: (router: ConnectRouter) => void, path?: string): Promise<Http2Server> {
  const server = createServer(connectNodeAdapter({ routes }));
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(path ?? { host: "127.0.0.1", port: 0 }, resolve));
  onTestFinished(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return server;
}

/** What every daemon of these tests has. */
function plain(router: ConnectRouter): void {
  router.service(Version, { version: () => ({ version: "v1.2.3" }) });
  router.service(Namespaces, { list: () => ({ namespaces: [{ name: "n", labels: {} }] }) });
}

async function open(target: string, timing: Partial<MirrorTiming> = {}) {
  const logger = pino({ level: "silent" });
  const mirror = await openMirror({
    name: "there",
    root: await makeTempDir(),
    source: openContainerdSource(target, { logger }),
    allowChanges: false,
    logger,
    stopping: new AbortController().signal,
    timing,
  });
  onTestFinished(() => mirror[Symbol.asyncDispose]());
  return mirror;
}

test("of a daemon that lies what can be shown is shown, and a service that it does not have is none", async () => {
  const socket = join(await makeTempDir(), "daemon.sock");
  await serve((router) => {
    plain(router);
    router.service(Content, {
      async *list() {
        yield { info: [{ digest: "no digest" }, { digest, size: 2n ** 60n }, { digest, size: 5n }] };
      },
      listStatuses: () => ({
        statuses: [
          { ref: "r", expected: "no digest" },
          { ref: "s", offset: 1n },
        ],
      }),
    });
    router.service(Images, {
      list: () => ({
        images: [
          { name: "bad", target: { digest: "no digest" } },
          { name: "good", target: { digest } },
        ],
      }),
    });
  }, socket);
  const mirror = await open(socket);
  await mirror.ready();
  expect(mirror.state).toMatchObject({ state: "live", version: "v1.2.3" });
  expect(await Array.fromAsync(mirror.in({ namespace: "n" }).walk())).toMatchObject([{ digest, size: 5 }]);
  expect((await mirror.images.list("n")).map(({ name }) => name)).toEqual(["good"]);
  expect(await Array.fromAsync(mirror.ingests("*"))).toMatchObject([{ status: { ref: "s" } }]);
  expect(await mirror.leases.list("n")).toEqual([]);
});

test("a daemon that accepts connections and never answers is let go of, and asked on a new one", async () => {
  let isSilent = true;
  let connections = 0;
  const server = await serve((router) => {
    plain(router);
    router.service(Version, {
      version: async () => (isSilent ? await new Promise<never>(() => undefined) : { version: "v1.2.3" }),
    });
    router.service(Content, { async *list() {}, listStatuses: () => ({}) });
  });
  server.on("connection", () => (connections += 1));
  const { port } = server.address() as AddressInfo;
  const mirror = await open(`http://127.0.0.1:${port}`, { answerMs: 500, retryMs: 20, longestRetryMs: 100 });
  await expect(mirror.ready()).rejects.toMatchObject({
    message: "store there does not answer: no answer within 0.5 s",
  });
  isSilent = false;
  await expect.poll(() => mirror.state.state).toBe("live");
  expect(connections).toBeGreaterThan(1);
});

test("a daemon that dies in the middle of a call does not answer, and what is known of it is told", async () => {
  const sockets = new Set<Socket>();
  let isDying = false;
  const dies = async (): Promise<never> => {
    for (const socket of sockets) socket.destroy();
    return await new Promise<never>(() => undefined);
  };
  const status = { ref: "r", offset: 3n };
  const server = await serve((router) => {
    plain(router);
    router.service(Content, {
      async *list() {
        yield { info: [{ digest, size: 5n }] };
      },
      listStatuses: async () => (isDying ? await dies() : { statuses: [status] }),
      info: dies,
    });
  });
  server.on("connection", (socket: Socket) => sockets.add(socket));
  const { port } = server.address() as AddressInfo;
  const mirror = await open(`http://127.0.0.1:${port}`, { ingestsMs: 60_000 });
  await mirror.ready();
  const store = mirror.in({ namespace: "n" });
  await expect.poll(() => Array.fromAsync(mirror.ingests("*"))).toMatchObject([{ status: { ref: "r" } }]);
  isDying = true;
  expect(await Array.fromAsync(store.listStatuses())).toMatchObject([{ ref: "r", offset: 3 }]);
  await expect(store.readerAt({ digest: digest as Digest })).rejects.toMatchObject({
    kind: "unavailable",
    message: "store there does not answer: the connection was cut",
  });
});

test("what speaks something else than gRPC is told as that", async () => {
  const other = createTcpServer((socket) => socket.on("error", () => undefined).write("SSH-2.0-OpenSSH_9.2\r\n"));
  await new Promise<void>((resolve) => other.listen({ host: "127.0.0.1", port: 0 }, resolve));
  onTestFinished(() => void other.close());
  const { port } = other.address() as AddressInfo;
  const mirror = await open(`http://127.0.0.1:${port}`);
  await expect(mirror.ready()).rejects.toMatchObject({
    message: "store there does not answer: what answers there does not speak gRPC",
  });
});

test.each([
  ["/run/containerd/containerd.sock", "unix:/run/containerd/containerd.sock"],
  ["unix:/run/x.sock", "unix:/run/x.sock"],
  ["unix:///run/x.sock", "unix:/run/x.sock"],
  ["http://127.0.0.1:5000", "http://127.0.0.1:5000"],
  ["http://[::1]:5000/", "http://[::1]:5000"],
])("%s is %s", (target, shown) => {
  expect(parseDaemonAddress(target).target).toBe(shown);
});

test.each([
  "",
  "run/x.sock",
  "unix:x.sock",
  "https://host:1",
  "http://user:secret@host",
  "http://host/path",
  "unix:/a\0b",
])("%j is no place of a daemon", (target) => {
  expect(() => parseDaemonAddress(target)).toThrow("is neither a socket");
});
