import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import type { AddressInfo, Socket } from "node:net";
import { createServer } from "node:net";
import { join } from "node:path";
import { Code, createClient } from "@connectrpc/connect";
import { expect, onTestFinished, test } from "vitest";
import { readBytes } from "../../../content/read-blob.ts";
import { getAuditPage } from "../../../content/remote/audit.ts";
import { createRemoteStore } from "../../../content/remote/store.ts";
import { Content } from "../../../gen/containerd/services/content/v1/content_pb.js";
import { ContentService } from "../../../gen/stowage/v1/content_pb.js";
import { StoreFacts_State } from "../../../gen/stowage/v1/server_pb.js";
import { auditPlugin } from "../../../server/audit/plugin.ts";
import type { Plugin } from "../../../server/plugins/plugin.ts";
import { remoteStorePlugin } from "../../../server/relay/plugin.ts";
import { auditServicePlugin } from "../../../server/services/audit.ts";
import type { StoreSpec } from "../../../server/store-set/stack.ts";
import { makeTempDir } from "../../support/temp-dir.ts";
import { ask, inMemory } from "../listen/serve.ts";
import { failure, sha256 } from "../services/calls.ts";
import { digestsIn, memoryStore, namespace, put, serveSeveral } from "../store-set/several.ts";

const remote = remoteStorePlugin as unknown as Plugin;

function node(name: string, url: string, more: object = {}): StoreSpec {
  return { name, plugin: remote, config: { url, ...more } };
}

/** A node, and a hub that has its store as `node`. */
async function serveHub(more: object = {}) {
  const far = await serveSeveral([memoryStore("archive")]);
  const hub = await serveSeveral([node("node", far.url, more)]);
  return { far, hub };
}

const headers = { "containerd-namespace": namespace, "stowage-store": "node" };

test("a token that would go to another machine in the clear is warned about", async () => {
  const tokenFile = join(await makeTempDir(), "token");
  await writeFile(tokenFile, "stw_secret\n", { mode: 0o600 });
  const token = { token_file: tokenFile };
  const { text } = await serveSeveral([
    node("far", "http://node.invalid:3000", token),
    node("here", "http://[::1]:1", token),
    node("safe", "https://node.invalid:3443", token),
  ]);
  const warned = text()
    .split("\n")
    .filter((line) => line.includes("without TLS"));
  expect(warned).toEqual([expect.stringMatching(/"store":"far".*http:\/\/node\.invalid:3000 is without TLS/)]);
  expect(text()).not.toContain("stw_secret");
});

test("a node's store is used as one of the server's own", async () => {
  const { far, hub } = await serveHub({ allow_changes: true });
  const digest = await put(hub.store("node"), "passed on");
  expect(await digestsIn(far.store(""))).toEqual([digest]);
  expect(new TextDecoder().decode(await readBytes(hub.store("node"), { digest }))).toBe("passed on");
  const labelled = await hub.store("node").update({ digest, labels: { a: "b" } }, ["labels.a"]);
  expect(labelled.labels).toEqual({ a: "b" });
  await hub.store("node").delete(digest);
  expect(await digestsIn(far.store(""))).toEqual([]);
});

test("its streams follow what changes there", async () => {
  const { far, hub } = await serveHub();
  const ended = new AbortController();
  const events = createClient(ContentService, hub.web).list(
    { watch: { follow: true } },
    { headers, signal: ended.signal },
  );
  let digest: string | undefined;
  for await (const { event } of events) {
    if (event.case === "bookmark" && digest === undefined) digest = await put(far.store(""), "later");
    if (event.case === "batch") {
      expect(event.value.items.map(({ info }) => info?.digest)).toEqual([digest]);
      ended.abort();
      break;
    }
  }
});

test("what would change it is refused unless the config allows it", async () => {
  const { far, hub } = await serveHub();
  const digest = await put(far.store(""), "stays");
  const error = await failure(createClient(Content, hub.web).delete({ digest }, { headers }));
  expect(error.code).toBe(Code.PermissionDenied);
  expect(error.rawMessage).toContain("store node is opened read-only; --allow-changes or allow_changes");
  await expect(hub.store("node").writer({ ref: "r" })).rejects.toMatchObject({ kind: "permission-denied" });
  expect(await digestsIn(far.store(""))).toEqual([digest]);
});

test("its errors come with their kind, words and facts", async () => {
  const { hub } = await serveHub({ allow_changes: true });
  const error = await failure(createClient(Content, hub.web).info({ digest: sha256("x") }, { headers }));
  expect([error.code, error.rawMessage]).toEqual([Code.NotFound, `content digest ${sha256("x")}: not found`]);
  await using writer = await hub.store("node").writer({ ref: "held" });
  await writer.write(new Uint8Array(3));
  await expect(hub.store("node").writer({ ref: "held", waitMs: 0 })).rejects.toMatchObject({
    kind: "unavailable",
    facts: { locked: { ref: "held", holder: expect.stringMatching(/^stowage\/.* for /) } },
  });
});

test("files are downloaded from it, whole and in part", async () => {
  const { far, hub } = await serveHub();
  const digest = await put(far.store(""), "0123456789");
  const url = `${hub.url}/-/blob?store=node&ns=${namespace}&d=${digest}`;
  const whole = await ask(url);
  expect([whole.status, whole.text, whole.headers["etag"]]).toEqual([200, "0123456789", `"${digest}"`]);
  expect(whole.headers["content-disposition"]).toContain("attachment");
  const part = await ask(url, { headers: { range: "bytes=2-4" } });
  expect([part.status, part.text]).toEqual([206, "234"]);
  expect((await ask(`${hub.url}/-/blob?store=node&ns=${namespace}&d=${sha256("x")}`)).status).toBe(404);
});

test("another store of the node than its default one can be meant", async () => {
  const { far, hub } = await serveHub({ store: "archive" });
  const digest = await put(far.store("archive"), "there");
  expect(await digestsIn(hub.store("node"))).toEqual([digest]);
});

/** Asks for the stores until that of the node is told so. */
async function untilFacts({ server }: Awaited<ReturnType<typeof serveSeveral>>, wanted: object) {
  return await expect
    .poll(async () => (await server.listStores({})).stores.find(({ name }) => name === "node"))
    .toMatchObject(wanted);
}

test("the node's state, speed and holdings are told; away it is unreachable, and back it is live", async () => {
  // An address on which nobody else takes the port while the node is away.
  const far = await serveSeveral([], { listen: [{ host: "127.0.0.2", port: 0 }] });
  const hub = await serveSeveral([node("node", far.url)]);
  await put(far.store(""), "abc");
  await untilFacts(hub, {
    state: StoreFacts_State.LIVE,
    plugin: "remote",
    target: far.url,
    allowsChanges: false,
    blobs: 1n,
    bytes: 3n,
    latency: expect.anything(),
    version: expect.stringMatching(/./),
  });
  await far.running.close(0);
  const error = await failure(createClient(Content, hub.web).info({ digest: sha256("abc") }, { headers }));
  expect([error.code, error.rawMessage]).toEqual([
    Code.Unavailable,
    expect.stringContaining("store node does not answer: "),
  ]);
  await untilFacts(hub, {
    state: StoreFacts_State.UNREACHABLE,
    reason: "nobody listens there (connection refused)",
  });
  expect(await digestsIn(hub.store(""))).toEqual([]);
  await serveSeveral([], { listen: [{ host: "127.0.0.2", port: far.port }] });
  await untilFacts(hub, { state: StoreFacts_State.LIVE });
});

test("a node that takes connections and never answers is given up", async () => {
  const silent = createServer().listen(0, "127.0.0.1");
  onTestFinished(() => void silent.close());
  const sockets = new Set<Socket>();
  silent.on("connection", (socket) => sockets.add(socket.on("error", () => undefined)));
  onTestFinished(() => sockets.forEach((socket) => void socket.destroy()));
  await once(silent, "listening");
  const { port } = silent.address() as AddressInfo;
  const hub = await serveSeveral([node("node", `http://127.0.0.1:${port}`)]);
  await untilFacts(hub, { state: StoreFacts_State.UNREACHABLE, reason: "it took too long" });
  await put(hub.store(""), "here all the same");
});

test("what is changed there through it is in its audit, as of a store of its own", async () => {
  const far = await serveSeveral([]);
  const plugins = [...inMemory, auditPlugin, auditServicePlugin] as readonly Plugin[];
  const hub = await serveSeveral([node("node", far.url, { allow_changes: true })], { plugins });
  const streamed = await put(hub.store("node"), "over a stream");
  const single = await put(
    createRemoteStore(hub.web, { namespace, store: "node", writer: "unary" }),
    "in single calls",
  );
  await hub.store("node").delete(single);
  const read = async () => (await getAuditPage(hub.web, { selection: {}, size: 10 })).events.toReversed();
  await expect.poll(read).toMatchObject([
    { act: "write", store: "node", namespace, name: "put-over a stream", digest: streamed, bytes: 13, code: "ok" },
    { act: "write", store: "node", name: "put-in single calls", digest: single, bytes: 15, code: "ok" },
    { act: "delete", store: "node", digest: single, code: "ok" },
  ]);
});
