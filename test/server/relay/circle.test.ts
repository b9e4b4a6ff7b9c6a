import { once } from "node:events";
import type { IncomingHttpHeaders } from "node:http2";
import { createServer } from "node:http2";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { Code, createClient } from "@connectrpc/connect";
import { expect, onTestFinished, test } from "vitest";
import { createRemoteStore } from "../../../content/remote/store.ts";
import { Content } from "../../../gen/containerd/services/content/v1/content_pb.js";
import type { Plugin } from "../../../server/plugins/plugin.ts";
import { remoteStorePlugin } from "../../../server/relay/plugin.ts";
import type { StoreSpec } from "../../../server/store-set/stack.ts";
import { grpcTransport } from "../../support/grpc.ts";
import { makeTempDir } from "../../support/temp-dir.ts";
import { waitUntil } from "../../support/wait-until.ts";
import { ask } from "../listen/serve.ts";
import { failure, sha256 } from "../services/calls.ts";
import { digestsIn, namespace, put, serveSeveral } from "../store-set/several.ts";

function remote(name: string, url: string, more: object = {}): StoreSpec {
  return { name, plugin: remoteStorePlugin as unknown as Plugin, config: { url, ...more } };
}

test("stores of two servers that show each other end a call with what is wrong", async () => {
  const [a, b] = [await makeTempDir(), await makeTempDir()];
  const socketIn = (root: string) => `unix:${join(root, "stowage.sock")}`;
  const one = await serveSeveral([remote("x", socketIn(b), { store: "y" })], { root: a });
  await serveSeveral([remote("y", socketIn(a), { store: "x" })], { root: b });
  const words = "store x leads back to itself over other servers; have it show another store of its node";
  const headers = { "containerd-namespace": namespace, "stowage-store": "x" };
  for (const way of [one.web, grpcTransport(join(a, "stowage.sock"))]) {
    const { code, rawMessage } = await failure(createClient(Content, way).info({ digest: sha256("x") }, { headers }));
    expect([code, rawMessage]).toEqual([Code.FailedPrecondition, `${words}: failed precondition`]);
  }
  const listed = await failure(Array.fromAsync(createClient(Content, one.web).list({}, { headers })));
  expect(listed.rawMessage).toBe(`${words}: failed precondition`);
  const file = await ask(`${one.url}/-/blob?store=x&ns=${namespace}&d=${sha256("x")}`);
  expect([file.status, file.text]).toEqual([400, `${words}\n`]);
});

test("a server that shows its own store, and a hub of hubs, are used as any", async () => {
  const root = await makeTempDir();
  const socket = `unix:${join(root, "stowage.sock")}`;
  const self = await serveSeveral([remote("again", socket), remote("over", socket, { store: "again" })], { root });
  const storeOf = (store: string) => createRemoteStore(self.web, { namespace, store, writer: "unary" });
  const digest = await put(storeOf("local"), "abc");
  for (const name of ["again", "over"]) expect(await digestsIn(storeOf(name))).toEqual([digest]);
});

test("a server that asks for one store of another has none of its others looked at", async () => {
  const asked: IncomingHttpHeaders[] = [];
  const node = createServer().on("stream", (stream, headers) => {
    stream.on("error", () => undefined);
    if (headers[":path"]?.endsWith("/GetServer")) asked.push(headers);
  });
  node.listen(0, "127.0.0.1");
  await once(node, "listening");
  onTestFinished(() => void node.close());
  const hub = await serveSeveral([remote("node", `http://127.0.0.1:${(node.address() as AddressInfo).port}`)]);
  await hub.server.listStores({}, { headers: { "stowage-via": "one" } });
  await hub.server.listStores({}, { headers: { "stowage-via": "two", "stowage-store": "node" } });
  await waitUntil(() => asked.length > 0);
  expect(asked[0]?.["stowage-via"]).toMatch(/^two, [\w-]+$/);
});
