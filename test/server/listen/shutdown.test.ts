import { once } from "node:events";
import { Agent } from "node:http";
import { connect as connectHttp2 } from "node:http2";
import { Code, createClient } from "@connectrpc/connect";
import { createConnectTransport, createGrpcTransport } from "@connectrpc/connect-node";
import { describe, expect, onTestFinished, test } from "vitest";
import { createRemoteStore } from "../../../content/remote/store.ts";
import { Content, WriteAction } from "../../../gen/containerd/services/content/v1/content_pb.js";
import type { StatusResponse } from "../../../gen/stowage/v1/content_pb.js";
import { ContentService, End_Reason } from "../../../gen/stowage/v1/content_pb.js";
import { ask, connectRaw, serve } from "./serve.ts";

const headers = { "containerd-namespace": "n" };
const long = 60_000;

describe("a server that stops", () => {
  test("accepts nothing new, and its socket is gone", async () => {
    const { server, url } = await serve();
    await server.close();
    await expect(ask(`${url}/healthz`)).rejects.toMatchObject({ code: "ECONNREFUSED" });
  });

  test("closes connections that are idle, of HTTP/1.1, HTTP/2 and neither, at once", async () => {
    const { server, url, port } = await serve();
    const agent = new Agent({ keepAlive: true });
    onTestFinished(() => agent.destroy());
    await ask(`${url}/healthz`, { agent });
    const session = connectHttp2(url);
    await once(session, "remoteSettings");
    const closed = once(session, "close");
    const silent = await connectRaw(port);
    await server.close(long);
    await Promise.all([closed, silent.closed]);
  });

  test("tells the streams that follow, and ends them in order", async () => {
    const { server, url } = await serve();
    const following: Promise<StatusResponse[]>[] = [];
    for (const transport of [
      createGrpcTransport({ baseUrl: url }),
      createConnectTransport({ baseUrl: url, httpVersion: "1.1" }),
    ]) {
      const client = createClient(ContentService, transport);
      const messages = client.status({ watch: { follow: true } }, { headers })[Symbol.asyncIterator]();
      while ((await messages.next()).value?.event.case !== "bookmark");
      following.push(Array.fromAsync({ [Symbol.asyncIterator]: () => messages }));
    }
    await server.close(long);
    for (const rest of await Promise.all(following)) {
      expect(rest.at(-1)?.event).toMatchObject({ case: "end", value: { reason: End_Reason.SHUTDOWN } });
    }
  });

  test("lets a write end that goes on, and keeps what it committed", async () => {
    const { server, url } = await serve();
    const store = createRemoteStore(createGrpcTransport({ baseUrl: url }), { namespace: "n" });
    const writer = await store.writer({ ref: "r" });
    await writer.write(Buffer.from("abc"));
    const closing = server.close(long);
    await writer.write(Buffer.from("def"));
    expect(await writer.commit({ size: 6 })).toMatch(/^sha256:/);
    await closing;
  });

  test("lets go at once of what single calls hold, and holds no more", async () => {
    const { server, url, text } = await serve();
    const transport = createConnectTransport({ baseUrl: url, httpVersion: "1.1" });
    const store = createRemoteStore(transport, { namespace: "n", writer: "unary", resend: { retries: 0 } });
    const writer = await store.writer({ ref: "r" });
    await writer.write(Buffer.from("abc"));
    await server.close(long);
    await expect(writer.write(Buffer.from("def"))).rejects.toMatchObject({ kind: "unavailable" });
    expect(text()).not.toMatch(/"level":[45]0/);
  });

  test("cuts what goes on beyond the deadline, as unavailable", async () => {
    const { server, url } = await serve();
    const client = createClient(Content, createGrpcTransport({ baseUrl: url }));
    const { answers } = await openWrite(client);
    await server.close(1);
    await expect(answers).rejects.toMatchObject({ code: Code.Unavailable });
  });

  test("closes once, however often it is told to", async () => {
    const { server } = await serve();
    await Promise.all([server.close(), server.close(0), server.close()]);
  });
});

/** A write that is open, and stays so until it is cut. */
async function openWrite(client: ReturnType<typeof createClient<typeof Content>>) {
  const ended = Promise.withResolvers<void>();
  const opened = Promise.withResolvers<void>();
  async function* messages() {
    yield { action: WriteAction.STAT, ref: "r" };
    await ended.promise;
  }
  const answers = (async () => {
    for await (const _ of client.write(messages(), { headers })) opened.resolve();
  })();
  answers.catch(() => ended.resolve());
  await opened.promise;
  return { answers };
}
