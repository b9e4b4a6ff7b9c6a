import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import type { ServerHttp2Stream } from "node:http2";
import { createServer as createHttp2 } from "node:http2";
import type { AddressInfo, Socket } from "node:net";
import { createServer } from "node:net";
import { join } from "node:path";
import { Code, createClient } from "@connectrpc/connect";
import { expect, onTestFinished, test } from "vitest";
import { Content } from "../../../gen/containerd/services/content/v1/content_pb.js";
import type { Plugin } from "../../../server/plugins/plugin.ts";
import { connectionTo } from "../../../server/relay/node-connection.ts";
import { createNodeTransport } from "../../../server/relay/node-transport.ts";
import { remoteStorePlugin } from "../../../server/relay/plugin.ts";
import { makeCertificate } from "../../support/certificate.ts";
import { makeTempDir } from "../../support/temp-dir.ts";
import { waitUntil } from "../../support/wait-until.ts";
import { ask } from "../listen/serve.ts";
import { failure, sha256 } from "../services/calls.ts";
import { namespace, put, serveSeveral } from "../store-set/several.ts";

const headers = { "containerd-namespace": namespace, "stowage-store": "node" };

test("a node's authority is the one that its file has now: nobody starts the hub again for it", async () => {
  const folder = await makeTempDir();
  const [certificate, other] = [
    await makeCertificate(folder, "node", "DNS:node.invalid"),
    await makeCertificate(folder, "other", "DNS:node.invalid"),
  ];
  const { cert, key } = certificate;
  const far = await serveSeveral([], { listen: [{ host: "127.0.0.1", port: 0, tls: { cert, key } }] });
  const ca = join(folder, "ca.pem");
  const config = { url: `https://node.invalid:${far.port}`, dial: "127.0.0.1", ca };
  const hub = await serveSeveral([{ name: "node", plugin: remoteStorePlugin as unknown as Plugin, config }]);
  expect(hub.text()).toMatch(/"store":"node".*the certificates for a node cannot be read/);
  const digest = await put(far.store(""), "abc");
  const info = () => createClient(Content, hub.web).info({ digest }, { headers });
  const file = () => ask(`${hub.url}/-/blob?store=node&ns=${namespace}&d=${digest}`);
  const isAway = async (reason: RegExp) => {
    const { code, rawMessage } = await failure(info());
    expect([code, rawMessage]).toEqual([Code.Unavailable, expect.stringMatching(reason)]);
    expect(await file()).toMatchObject({ status: 503, text: expect.stringMatching(reason) });
  };
  await isAway(/this server cannot read a file that it needs for that \(ENOENT\)/);
  await writeFile(ca, other.ca);
  await isAway(/self-signed|certificate/);
  await writeFile(ca, certificate.ca);
  expect((await info()).info?.digest).toBe(digest);
  expect((await file()).text).toBe("abc");
});

test("a node may have more under way than 64 KiB, which a network's latency would make slow", async () => {
  const node = createHttp2().listen(0, "127.0.0.1");
  const asked = once(node, "stream") as Promise<[ServerHttp2Stream]>;
  onTestFinished(() => void node.close());
  await once(node, "listening");
  const url = `http://127.0.0.1:${(node.address() as AddressInfo).port}`;
  using connection = createNodeTransport({ url });
  const ended = new AbortController();
  onTestFinished(() => ended.abort());
  const { signal } = ended;
  void createClient(Content, connection.transport)
    .info({ digest: sha256("x") }, { signal })
    .catch(() => undefined);
  const [stream] = await asked;
  stream.on("error", () => undefined);
  const { session } = stream;
  expect(session?.remoteSettings.initialWindowSize).toBe(256 * 1024);
  await waitUntil(() => session?.state.remoteWindowSize === 4 * 1024 * 1024);
});

test("a connection that is not there in time is given up", async () => {
  const silent = createServer().listen(0, "127.0.0.1");
  const sockets = new Set<Socket>();
  silent.on("connection", (socket) => sockets.add(socket.on("error", () => undefined)));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    silent.close();
  });
  await once(silent, "listening");
  const url = `https://127.0.0.1:${(silent.address() as AddressInfo).port}`;
  const socket = connectionTo({ url }, 50).dial();
  const [error] = (await once(socket, "close").catch((thrown: unknown) => [thrown])) as unknown[];
  expect(error).toMatchObject({ message: "it took too long to connect" });
});

test.for<[what: string, config: object]>([
  ["a port that there is not", { url: "https://node:99999" }],
  ["a host that is none", { url: "http://[::1" }],
  ["an address to dial in the place of an address", { url: "https://10.0.0.7:3443", dial: "10.0.0.8" }],
  ["a store that no header can name", { url: "https://node:3443", store: "a\nb" }],
])("%s is a mistake of the config", ([, config]) => {
  expect(remoteStorePlugin.config.safeParse({ url: "https://node:3443", dial: "10.0.0.8" }).success).toBe(true);
  expect(remoteStorePlugin.config.safeParse(config).success).toBe(false);
});
