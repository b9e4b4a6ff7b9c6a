import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Code, createClient } from "@connectrpc/connect";
import { expect, test } from "vitest";
import { Content, WriteAction } from "../../../gen/containerd/services/content/v1/content_pb.js";
import { ContentService } from "../../../gen/stowage/v1/content_pb.js";
import { StoreFacts_State } from "../../../gen/stowage/v1/server_pb.js";
import { auditPlugin } from "../../../server/audit/plugin.ts";
import type { Plugin } from "../../../server/plugins/plugin.ts";
import { remoteStorePlugin } from "../../../server/relay/plugin.ts";
import { makeTempDir } from "../../support/temp-dir.ts";
import { ask, inMemory } from "../listen/serve.ts";
import { bytesOf, failure, sha256 } from "../services/calls.ts";
import { namespace, serveSeveral } from "../store-set/several.ts";

const headers = { "containerd-namespace": namespace, "stowage-store": "node" };

/** A hub that records changes, over a node that was found to answer. */
async function serveHub(more: object = {}) {
  const far = await serveSeveral([]);
  const config = { url: far.url, allow_changes: true, ...more };
  const others = [{ name: "node", plugin: remoteStorePlugin as unknown as Plugin, config }];
  const hub = await serveSeveral(others, { plugins: [...inMemory, auditPlugin] as readonly Plugin[] });
  const state = async () => (await hub.server.listStores({})).stores[1]?.state;
  return { ...hub, state };
}

test("an offset that no blob has is the caller's fault, and no sign that the node is away", async () => {
  const { web, grpc, state } = await serveHub();
  await expect.poll(state).toBe(StoreFacts_State.LIVE);
  const request = { action: WriteAction.COMMIT, ref: "r", offset: 2n ** 62n, data: bytesOf("x") };
  const single = await failure(createClient(ContentService, web).write({ request }, { headers }));
  async function* messages() {
    yield request;
  }
  const streamed = await failure(Array.fromAsync(createClient(Content, grpc).write(messages(), { headers })));
  expect([single.code, streamed.code]).toEqual([Code.InvalidArgument, Code.InvalidArgument]);
  expect(await state()).toBe(StoreFacts_State.LIVE);
});

test("nor is a caller's own deadline", async () => {
  const { web, state } = await serveHub();
  await expect.poll(state).toBe(StoreFacts_State.LIVE);
  const content = createClient(Content, web);
  for (let ms = 1; ms <= 20; ms += 1) {
    await content.info({ digest: sha256("x") }, { headers, timeoutMs: ms }).catch(() => undefined);
    expect(await state()).toBe(StoreFacts_State.LIVE);
  }
});

test("a token file that is not there is named in the log as the server starts", async () => {
  const token_file = join(await makeTempDir(), "node.token");
  const { text } = await serveHub({ token_file });
  expect(text()).toMatch(/"store":"node".*the token for a node cannot be read/);
  expect(text()).toContain(token_file);
});

test.for(["stw_“quoted”", "stw_\u0000", "two words"])(
  "a token file that holds no token is told of without what is in it: %j",
  async (text) => {
    const token_file = join(await makeTempDir(), "node.token");
    await writeFile(token_file, `${text}\n`);
    const hub = await serveHub({ token_file });
    const call = await failure(createClient(Content, hub.web).info({ digest: sha256("x") }, { headers }));
    const file = await ask(`${hub.url}/-/blob?store=node&ns=${namespace}&d=${sha256("x")}`);
    const reason = async () => (await hub.server.listStores({})).stores[1]?.reason;
    await expect.poll(reason).toContain("holds no token");
    for (const told of [call.rawMessage, file.text, await reason()]) {
      expect(told).toContain("its token file holds no token");
    }
    expect(hub.text()).not.toContain(JSON.stringify(text).slice(1, -1));
  },
);
