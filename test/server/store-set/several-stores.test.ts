import { join } from "node:path";
import { Code, createClient } from "@connectrpc/connect";
import { expect, test } from "vitest";
import { Content } from "../../../gen/containerd/services/content/v1/content_pb.js";
import { ContentService } from "../../../gen/stowage/v1/content_pb.js";
import { ServerService, StoreFacts_State } from "../../../gen/stowage/v1/server_pb.js";
import { ask } from "../listen/serve.ts";
import { plugin } from "../plugins/plugins.ts";
import { failure, sha256 } from "../services/calls.ts";
import { digestsIn, memoryStore, namespace, put, serveSeveral } from "./several.ts";

test("a call is about the store that its header names, and without one about the default", async () => {
  const { store } = await serveSeveral([memoryStore("archive")]);
  const here = await put(store(""), "here");
  const there = await put(store("archive"), "there");
  expect(await digestsIn(store("local"))).toEqual([here]);
  expect(await digestsIn(store("archive"))).toEqual([there]);
  await store("archive").delete(there);
  expect(await digestsIn(store(""))).toEqual([here]);
});

test("streams and pages are of one store", async () => {
  const { store, web } = await serveSeveral([memoryStore("archive")]);
  await put(store(""), "here");
  const there = await put(store("archive"), "there");
  const client = createClient(ContentService, web);
  const headers = { "containerd-namespace": namespace, "stowage-store": "archive" };
  const page = await client.listPage({}, { headers });
  expect(page.items.map(({ info }) => info?.digest)).toEqual([there]);
  const events = await Array.fromAsync(client.list({}, { headers }));
  expect(events.flatMap(({ event }) => (event.case === "batch" ? event.value.items : []))).toHaveLength(1);
});

test("a store that is not there is not found, whatever way the call comes", async () => {
  const { web, grpc, url } = await serveSeveral([memoryStore("archive")]);
  const headers = { "containerd-namespace": namespace, "stowage-store": "attic" };
  for (const transport of [web, grpc]) {
    const error = await failure(createClient(Content, transport).info({ digest: sha256("x") }, { headers }));
    expect([error.code, error.rawMessage]).toEqual([Code.NotFound, 'store "attic": not found']);
  }
  const answer = await ask(`${url}/-/blob?store=attic&ns=${namespace}&d=${sha256("x")}`);
  expect([answer.status, answer.text]).toEqual([404, 'store "attic": not found\n']);
});

test("a download is of the store that it names", async () => {
  const { store, url } = await serveSeveral([memoryStore("archive")]);
  const there = await put(store("archive"), "there");
  const path = `${url}/-/blob?ns=${namespace}&d=${there}`;
  expect((await ask(`${path}&store=archive`)).text).toBe("there");
  expect((await ask(path)).status).toBe(404);
});

test("stores are listed, the default one first and the others by their names, with what each holds", async () => {
  const { store, server } = await serveSeveral(["zoo", "node-10", "node-9", "archive"].map(memoryStore));
  await put(store("archive"), "there");
  const { stores } = await server.listStores({});
  expect(stores.map(({ name, isDefault, blobs }) => [name, isDefault, blobs])).toEqual([
    ["local", true, 0n],
    ["archive", false, 1n],
    ["node-9", false, 0n],
    ["node-10", false, 0n],
    ["zoo", false, 0n],
  ]);
  expect(stores[1]).toMatchObject({
    plugin: "memory",
    target: "",
    allowsChanges: true,
    state: StoreFacts_State.LIVE,
    bytes: 5n,
  });
});

test("what is about the server answers whatever store a call names", async () => {
  const { web } = await serveSeveral([memoryStore("archive")]);
  const client = createClient(ServerService, web);
  const { version, host } = await client.getServer({});
  expect(await client.getServer({}, { headers: { "stowage-store": "archive" } })).toMatchObject({ version, host });
});

test("a store that does not open is told with its reason, and the others are served", async () => {
  const broken = plugin("store/broken", [], () => Promise.reject(new Error("cannot read /var/lib/secret/x")));
  const { store, server, web } = await serveSeveral([
    { name: "broken", plugin: broken, config: {} },
    memoryStore("archive"),
  ]);
  await put(store("archive"), "there");
  const { stores } = await server.listStores({});
  const facts = stores.find(({ name }) => name === "broken");
  expect(facts).toMatchObject({ state: StoreFacts_State.UNREACHABLE, plugin: "broken" });
  expect(facts?.reason).toContain("cannot read (path)");
  expect(facts?.blobs).toBeUndefined();
  const headers = { "containerd-namespace": namespace, "stowage-store": "broken" };
  const error = await failure(createClient(Content, web).info({ digest: sha256("x") }, { headers }));
  expect(error.code).toBe(Code.Unavailable);
  expect(error.rawMessage).toContain("store broken did not open: ");
});

test("each store has a folder of its own, and is there again after a restart", async () => {
  const first = await serveSeveral([memoryStore("archive")]);
  await put(first.store("archive"), "there");
  await first.running.close(0);
  const root = join(first.socket, "..");
  const second = await serveSeveral([memoryStore("archive")], { root, sockets: [first.socket] });
  expect((await second.server.listStores({})).stores.map(({ name }) => name)).toEqual(["local", "archive"]);
});
