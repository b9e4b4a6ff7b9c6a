import { once } from "node:events";
import type { RequestListener } from "node:http";
import { createServer } from "node:http";
import type { ServerHttp2Stream } from "node:http2";
import { createServer as createHttp2 } from "node:http2";
import type { AddressInfo, Server } from "node:net";
import { create } from "@bufbuild/protobuf";
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { expect, onTestFinished, test } from "vitest";
import { Content, WriteAction } from "../../../gen/containerd/services/content/v1/content_pb.js";
import { ContentService, WriteRequestSchema, WriteResponseSchema } from "../../../gen/stowage/v1/content_pb.js";
import type { Plugin } from "../../../server/plugins/plugin.ts";
import { createHeldRoom } from "../../../server/relay/held-room.ts";
import { remoteStorePlugin } from "../../../server/relay/plugin.ts";
import { waitUntil } from "../../support/wait-until.ts";
import { bearer, serveGuarded } from "../access/guarded.ts";
import { ask } from "../listen/serve.ts";
import { failure, sha256 } from "../services/calls.ts";
import { namespace, serveSeveral } from "../store-set/several.ts";

/** A hub with sign-in over a node that may be changed, and two who use it. @param at where the node is; absent: it is made */
async function serveHub(at?: string) {
  const url = at ?? (await serveSeveral([])).url;
  const config = { url, allow_changes: true };
  const others = [{ name: "node", plugin: remoteStorePlugin as unknown as Plugin, config }];
  const hub = await serveGuarded({ config: { "stores/configured": { others } } });
  const as = async (name: string) => {
    const headers = {
      ...bearer(await hub.token({ name })),
      "stowage-store": "node",
      "containerd-namespace": namespace,
    };
    return { headers };
  };
  return { hub, mei: await as("mei"), ada: await as("ada") };
}

/** Listens for one test. @returns its URL */
async function listen(node: Server): Promise<string> {
  node.listen(0, "127.0.0.1");
  await once(node, "listening");
  onTestFinished(() => void node.close());
  return `http://127.0.0.1:${(node.address() as AddressInfo).port}`;
}

const digest = sha256("x");

test("nobody takes all single calls of a node", async () => {
  const taken: string[] = [];
  let givenUp = 0;
  const node = createHttp2().on("stream", (stream: ServerHttp2Stream, headers) => {
    stream.on("error", () => undefined);
    if (!headers[":path"]?.endsWith("/Info")) return;
    taken.push(String(headers["user-agent"]));
    stream.once("close", () => (givenUp += 1));
  });
  const { hub, mei, ada } = await serveHub(await listen(node));
  const ended = new AbortController();
  onTestFinished(() => ended.abort());
  const one = hub.dial("grpc");
  const info = (who: typeof mei, transport = one) =>
    createClient(Content, transport).info({ digest }, { ...who, signal: ended.signal });
  for (let index = 0; index < 100; index += 1) void info(mei).catch(() => undefined);
  await waitUntil(() => taken.length === 100);
  const { code, rawMessage } = await failure(info(mei, hub.dial("grpc")));
  expect([code, rawMessage]).toEqual([
    Code.ResourceExhausted,
    "more than 100 single calls at once of yours; wait for some",
  ]);
  void info(ada, hub.dial("grpc")).catch(() => undefined);
  await waitUntil(() => taken.some((agent) => agent.endsWith(" for ada")));
  // What is given up is given up there too, and makes room.
  ended.abort();
  await waitUntil(() => givenUp === 101);
  const again = new AbortController();
  onTestFinished(() => again.abort());
  const heard = taken.length;
  const retry = () =>
    void createClient(Content, one)
      .info({ digest }, { ...mei, signal: again.signal })
      .catch(() => undefined);
  await waitUntil(() => {
    retry();
    return taken.length > heard;
  });
});

test("nor all files", async () => {
  let taken = 0;
  const silent: RequestListener = () => (taken += 1);
  const node = createServer(silent);
  onTestFinished(() => node.closeAllConnections());
  const { hub, mei, ada } = await serveHub(await listen(node));
  const ended = new AbortController();
  onTestFinished(() => ended.abort());
  const file = ({ headers }: typeof mei) =>
    ask(`${hub.url}/-/blob?store=node&ns=${namespace}&d=${digest}`, { headers, signal: ended.signal });
  for (let index = 0; index < 100; index += 1) void file(mei).catch(() => undefined);
  await waitUntil(() => taken === 100);
  expect(await file(mei)).toMatchObject({
    status: 503,
    text: "more than 100 downloads at once of yours; wait for some\n",
  });
  void file(ada).catch(() => undefined);
  await waitUntil(() => taken === 101);
});

const stat = (ref: string) => ({ action: WriteAction.STAT, ref });

test("nobody takes all writes of a node, whose connection they share", async () => {
  const { hub, mei, ada } = await serveHub();
  const ended = new AbortController();
  onTestFinished(() => ended.abort());
  const open = async (ref: string, who: typeof mei, transport = hub.dial("grpc")) => {
    async function* messages() {
      yield stat(ref);
      await new Promise((resolve) => ended.signal.addEventListener("abort", resolve));
    }
    const answers = createClient(Content, transport).write(messages(), { ...who, signal: ended.signal });
    await answers[Symbol.asyncIterator]().next();
  };
  const one = hub.dial("grpc");
  await Promise.all(Array.from({ length: 100 }, (_, index) => open(`m-${index}`, mei, one)));
  const { code, rawMessage } = await failure(open("one-more", mei));
  expect([code, rawMessage]).toEqual([Code.ResourceExhausted, "more than 100 streams of yours; close some"]);
  await open("hers", ada);
});

test("nobody takes all writers that a node holds for a hub", async () => {
  const { hub, mei, ada } = await serveHub();
  const content = createClient(ContentService, hub.dial("connect"));
  const hold = (ref: string, who: typeof mei) => content.write({ request: stat(ref) }, who);
  const held = await Promise.all(Array.from({ length: 64 }, (_, index) => hold(`m-${index}`, mei)));
  const { code, rawMessage } = await failure(hold("one-more", mei));
  expect([code, rawMessage]).toEqual([
    Code.ResourceExhausted,
    "more than 64 writers you hold at store node; commit some, or let go of them with close",
  ]);
  await hold("hers", ada);
  // One that is held goes on, and one that is let go of makes room.
  const writerId = held[0]?.writerId ?? "";
  await content.write({ request: stat("m-0"), writerId }, mei);
  await content.write({ request: stat("m-0"), writerId, close: true }, mei);
  await hold("one-more", mei);
});

test("a writer counts until the node says that it is let go, or lets go of it by itself", async () => {
  const room = createHeldRoom("node", { perIdentity: 1, holdMs: 300 });
  const { write } = ContentService.method;
  const ask = () => {
    const heard = room.hear(write, "mei");
    heard.asked(create(WriteRequestSchema, { request: { ref: "r" } }));
    return heard;
  };
  ask().failed(new ConnectError("gone", Code.Canceled));
  expect(ask).toThrow("more than 1 writers");
  await expect.poll(ask).toBeDefined();
  expect(ask).toThrow("more than 1 writers");
  await expect.poll(() => ask().answered(create(WriteResponseSchema, { writerId: "w" }))).toBeUndefined();
  const refused = ask();
  const error = new ConnectError("locked", Code.Unavailable);
  refused.failed(Object.assign(error, { isWireError: true }));
  expect(ask).not.toThrow();
});
