import { once } from "node:events";
import { createServer } from "node:http2";
import type { AddressInfo } from "node:net";
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { connectNodeAdapter } from "@connectrpc/connect-node";
import { expect, onTestFinished, test } from "vitest";
import { Content } from "../../../gen/containerd/services/content/v1/content_pb.js";
import { ServerService } from "../../../gen/stowage/v1/server_pb.js";
import type { Plugin } from "../../../server/plugins/plugin.ts";
import { remoteStorePlugin } from "../../../server/relay/plugin.ts";
import { failure, sha256 } from "../services/calls.ts";
import { namespace, serveSeveral } from "../store-set/several.ts";

const words = `no\r\n\u001b[2J${"x".repeat(20_000)}`;

/** A hub whose node has many words, also for a terminal. */
async function serveTalker(code: Code) {
  const talk = () => {
    throw new ConnectError(words, code);
  };
  const store = { name: "local", isDefault: true, state: 3, reason: words, version: words };
  const routes = connectNodeAdapter({
    routes: (router) =>
      void router
        .service(Content, { info: talk })
        .service(ServerService, { getServer: () => ({ version: words }), listStores: () => ({ stores: [store] }) }),
  });
  const node = createServer(routes).listen(0, "127.0.0.1");
  await once(node, "listening");
  onTestFinished(() => void node.close());
  const config = { url: `http://127.0.0.1:${(node.address() as AddressInfo).port}` };
  return await serveSeveral([{ name: "node", plugin: remoteStorePlugin as unknown as Plugin, config }]);
}

test.each([Code.NotFound, Code.PermissionDenied, Code.Unauthenticated])(
  "what a node says is told in one line, and not at any length (code %i)",
  async (code) => {
    const hub = await serveTalker(code);
    const headers = { "containerd-namespace": namespace, "stowage-store": "node" };
    for (const way of [hub.web, hub.grpc]) {
      const { rawMessage } = await failure(createClient(Content, way).info({ digest: sha256("x") }, { headers }));
      expect(rawMessage).toMatch(/no \[2Jx+/);
      expect(rawMessage.length).toBeLessThan(1100);
    }
    const facts = async () => (await hub.server.listStores({})).stores[1];
    await expect.poll(async () => (await facts())?.version).toMatch(/^no \[2Jx+$/);
    expect((await facts())?.reason).toMatch(/^(?:it refuses: )?no \[2Jx+$/);
  },
);
