import { once } from "node:events";
import { request } from "node:http";
import { connect, createServer } from "node:http2";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { create, toBinary } from "@bufbuild/protobuf";
import { Code, createClient } from "@connectrpc/connect";
import { describe, expect, onTestFinished, test } from "vitest";
import { createRemoteStore } from "../../../content/remote/store.ts";
import { Content, DeleteContentRequestSchema } from "../../../gen/containerd/services/content/v1/content_pb.js";
import type { Plugin } from "../../../server/plugins/plugin.ts";
import { remoteStorePlugin } from "../../../server/relay/plugin.ts";
import { grpcTransport } from "../../support/grpc.ts";
import { failure, putBlob, sha256 } from "../services/calls.ts";
import type { Way } from "./guarded.ts";
import { bearer, serveGuarded } from "./guarded.ts";

const namespace = "n";

/** A server with a blob that somebody is about to delete: all but the last byte of the call is there. */
async function beginDelete() {
  const guarded = await serveGuarded();
  const store = createRemoteStore(grpcTransport(guarded.socket), { namespace });
  const digest = await putBlob(store, "precious");
  const text = await guarded.token({ name: "gone" });
  const headers = { ...bearer(text), "containerd-namespace": namespace };
  const path = "/containerd.services.content.v1.Content/Delete";
  return {
    ...guarded,
    store,
    digest,
    headers,
    path,
    body: toBinary(DeleteContentRequestSchema, create(DeleteContentRequestSchema, { digest })),
  };
}

describe("a call whose token is revoked before its request is there is not made", () => {
  test("of Connect", async () => {
    const { url, path, headers, body, admin, store, digest } = await beginDelete();
    const head = { ...headers, "content-type": "application/proto", "content-length": body.length };
    const asked = request(`${url}${path}`, { agent: false, method: "POST", headers: head });
    onTestFinished(() => void asked.destroy());
    await new Promise((resolve) => asked.write(body.subarray(0, -1), resolve));
    // Another call of the same token, so that the first one is known to have arrived.
    expect((await store.info(digest)).digest).toBe(digest);
    await admin.revokeToken({ id: "gone" });
    asked.end(body.subarray(-1));
    const [response] = await once(asked, "response");
    expect([response.statusCode, JSON.parse(String(await buffer(response)))]).toEqual([
      401,
      expect.objectContaining({ code: "unauthenticated", message: "This token was revoked." }),
    ]);
    expect((await store.info(digest)).digest).toBe(digest);
  });

  test("of plain gRPC", async () => {
    const { url, path, headers, body, admin, store, digest } = await beginDelete();
    const session = connect(url);
    onTestFinished(() => session.destroy());
    const stream = session.request({
      ":method": "POST",
      ":path": path,
      "content-type": "application/grpc",
      ...headers,
    });
    const trailers = once(stream, "trailers");
    const frame = Buffer.concat([Buffer.from([0, 0, 0, 0, body.length]), body]);
    await new Promise((resolve) => stream.write(frame.subarray(0, -1), resolve));
    await new Promise((resolve) => session.ping(resolve));
    await admin.revokeToken({ id: "gone" });
    stream.end(frame.subarray(-1));
    const [{ "grpc-status": status }] = await trailers;
    expect(status).toBe("16");
    expect((await store.info(digest)).digest).toBe(digest);
  });
});

/** A node that hears calls and answers none. */
async function serveSilent() {
  const node = createServer();
  const calls: string[] = [];
  let ended = 0;
  node.on("stream", (stream, headers) => {
    calls.push(String(headers[":path"]));
    stream.on("error", () => undefined).once("close", () => (ended += 1));
  });
  node.listen(0, "127.0.0.1");
  await once(node, "listening");
  onTestFinished(() => void node.close());
  return {
    url: `http://127.0.0.1:${(node.address() as AddressInfo).port}`,
    /** Paths of calls that came. */
    calls,
    /** Calls that were given up. */
    ended: () => ended,
  };
}

test.for<Way>(["connect", "grpc"])(
  "a single call that takes long ends when its token is revoked, and is given up where it was passed on to: %s",
  // Well below what a node is waited for.
  { timeout: 10_000 },
  async (way) => {
    const silent = await serveSilent();
    const config = { url: silent.url, allow_changes: true };
    const others = [{ name: "node", plugin: remoteStorePlugin as unknown as Plugin, config }];
    const { dial, token, admin } = await serveGuarded({ config: { "stores/configured": { others } } });
    const headers = {
      ...bearer(await token({ name: "gone" })),
      "stowage-store": "node",
      "containerd-namespace": namespace,
    };
    const failed = failure(createClient(Content, dial(way)).delete({ digest: sha256("x") }, { headers }));
    await expect.poll(() => silent.calls.filter((path) => path.endsWith("Content/Delete")).length).toBe(1);
    await admin.revokeToken({ id: "gone" });
    const { code, rawMessage } = await failed;
    expect([code, rawMessage]).toEqual([Code.Unauthenticated, "This token was revoked."]);
    await expect.poll(() => silent.ended()).toBe(silent.calls.length);
  },
);
