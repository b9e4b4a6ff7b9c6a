import { once } from "node:events";
import type { ServerHttp2Stream } from "node:http2";
import { createServer } from "node:http2";
import type { AddressInfo } from "node:net";
import { Code, createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { expect, onTestFinished, test } from "vitest";
import { Content } from "../../../gen/containerd/services/content/v1/content_pb.js";
import { Events } from "../../../gen/containerd/services/events/v1/events_pb.js";
import { ContentService } from "../../../gen/stowage/v1/content_pb.js";
import type { Patience } from "../../../server/relay/patience.ts";
import { withPatience } from "../../../server/relay/patience.ts";
import { failure, sha256 } from "../services/calls.ts";

/** A transport to a node that answers as it is told, and is waited for so long. */
async function serveSlow(patience: Patience, answer: (stream: ServerHttp2Stream) => void) {
  const node = createServer();
  node.on("stream", (stream: ServerHttp2Stream) => {
    stream.on("error", () => undefined);
    answer(stream);
  });
  node.listen(0, "127.0.0.1");
  await once(node, "listening");
  const ended = new AbortController();
  onTestFinished(() => {
    ended.abort();
    node.close();
  });
  const baseUrl = `http://127.0.0.1:${(node.address() as AddressInfo).port}`;
  const transport = withPatience(createGrpcTransport({ baseUrl }), patience);
  return { transport, signal: ended.signal };
}

test("a node that hears and does not answer is given up; events and writes are waited for", async () => {
  const { transport, signal } = await serveSlow({ answerMs: 50, partMs: 100 }, () => undefined);
  const content = createClient(Content, transport);
  let settled = "";
  const settles = (name: string, call: Promise<unknown>) =>
    void call.catch(() => undefined).finally(() => (settled += name));
  settles("subscribe", Array.fromAsync(createClient(Events, transport).subscribe({}, { signal })));
  async function* nothing() {
    await once(signal, "abort");
    yield {};
  }
  settles("write", Array.fromAsync(content.write(nothing(), { signal })));
  const late = [
    await failure(content.info({ digest: sha256("x") })),
    await failure(Array.fromAsync(content.list({}))),
    await failure(Array.fromAsync(content.read({ digest: sha256("x") }))),
    await failure(Array.fromAsync(createClient(ContentService, transport).list({}))),
  ];
  expect(late.map(({ code }) => code)).toEqual([
    Code.DeadlineExceeded,
    Code.Unavailable,
    Code.Unavailable,
    Code.Unavailable,
  ]);
  expect(settled).toBe("");
});

test("a blob or a list whose next part does not come is given up; a set that is followed is not", async () => {
  const empty = Buffer.alloc(5);
  const { transport, signal } = await serveSlow({ answerMs: 60_000, partMs: 150 }, (stream) => {
    stream.respond({ ":status": 200, "content-type": "application/grpc+proto" });
    stream.write(empty);
  });
  const content = createClient(Content, transport);
  let ended = false;
  const followed = createClient(ContentService, transport).list({}, { signal })[Symbol.asyncIterator]();
  await followed.next();
  void followed
    .next()
    .catch(() => undefined)
    .finally(() => (ended = true));
  const late = [
    await failure(Array.fromAsync(content.list({}))),
    await failure(Array.fromAsync(content.read({ digest: sha256("x") }))),
  ];
  expect(late.map(({ code, rawMessage }) => [code, rawMessage])).toEqual([
    [Code.Unavailable, "it took too long"],
    [Code.Unavailable, "it took too long"],
  ]);
  expect(ended).toBe(false);
});
