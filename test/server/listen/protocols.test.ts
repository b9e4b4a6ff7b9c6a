import { once } from "node:events";
import type { ClientHttp2Stream, IncomingHttpHeaders } from "node:http2";
import { connect as connectHttp2 } from "node:http2";
import { connect } from "node:net";
import { gzipSync } from "node:zlib";
import type { Transport } from "@connectrpc/connect";
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { createConnectTransport, createGrpcTransport, createGrpcWebTransport } from "@connectrpc/connect-node";
import { createConnectTransport as createFetchTransport } from "@connectrpc/connect-web";
import { describe, expect, onTestFinished, test } from "vitest";
import { createRemoteStore } from "../../../content/remote/store.ts";
import { Content } from "../../../gen/containerd/services/content/v1/content_pb.js";
import { ServerService } from "../../../gen/stowage/v1/server_pb.js";
import type { Served } from "./serve.ts";
import { ask, serve } from "./serve.ts";

interface Way {
  readonly name: string;
  readonly open: (served: Served) => Transport;
  readonly twoWay: boolean;
}

/** Begins a call of gRPC by hand; `trailers` are those that tell how it ended. */
function beginGrpc(url: string, path: string): { stream: ClientHttp2Stream; trailers: Promise<IncomingHttpHeaders> } {
  const session = connectHttp2(url);
  onTestFinished(() => session.destroy());
  const headers = { ":method": "POST", ":path": path, "content-type": "application/grpc", te: "trailers" };
  const stream = session.request(headers);
  const { promise: trailers, resolve } = Promise.withResolvers<IncomingHttpHeaders>();
  // An answer that is nothing but its end has them among its headers.
  stream.on("response", (answer) => "grpc-status" in answer && resolve(answer));
  stream
    .on("trailers", resolve)
    .on("error", () => undefined)
    .resume();
  return { stream, trailers };
}

const dial = ({ socket }: Served) => ({ createConnection: () => connect(socket) });

const ways: readonly Way[] = [
  { name: "gRPC", open: ({ url }) => createGrpcTransport({ baseUrl: url }), twoWay: true },
  {
    name: "gRPC on the unix socket",
    open: (served) => createGrpcTransport({ baseUrl: "http://localhost", nodeOptions: dial(served) }),
    twoWay: true,
  },
  {
    name: "gRPC-Web on HTTP/2",
    open: ({ url }) => createGrpcWebTransport({ baseUrl: url, httpVersion: "2" }),
    twoWay: true,
  },
  {
    name: "gRPC-Web on HTTP/1.1",
    open: ({ url }) => createGrpcWebTransport({ baseUrl: url, httpVersion: "1.1" }),
    twoWay: false,
  },
  {
    name: "Connect on HTTP/2",
    open: ({ url }) => createConnectTransport({ baseUrl: url, httpVersion: "2" }),
    twoWay: true,
  },
  {
    name: "Connect on HTTP/1.1",
    open: ({ url }) => createConnectTransport({ baseUrl: url, httpVersion: "1.1" }),
    twoWay: false,
  },
  {
    name: "Connect on the unix socket",
    open: ({ socket }) =>
      createConnectTransport({ baseUrl: "http://localhost", httpVersion: "1.1", nodeOptions: { socketPath: socket } }),
    twoWay: false,
  },
  {
    name: "Connect in JSON, by fetch",
    open: ({ url }) => createFetchTransport({ baseUrl: url }),
    twoWay: false,
  },
];

describe.each(ways)("over $name", ({ open, twoWay }) => {
  test("a blob is written, listed and read back", async () => {
    const served = await serve();
    const store = createRemoteStore(open(served), { namespace: "n", ...(!twoWay && { writer: "unary" }) });
    const writer = await store.writer({ ref: "r" });
    await writer.write(new TextEncoder().encode("hello "));
    await writer.write(new TextEncoder().encode("there"));
    const digest = await writer.commit({ size: 11, labels: { a: "b" } });
    expect(await Array.fromAsync(store.walk())).toMatchObject([{ digest, size: 11, labels: { a: "b" } }]);
    await using reader = await store.readerAt({ digest });
    const chunks = await Array.fromAsync(reader.read(0), (chunk) => Buffer.from(chunk));
    expect(Buffer.concat(chunks).toString()).toBe("hello there");
  });

  test("an error comes with its code and text", async () => {
    const served = await serve();
    const client = createClient(Content, open(served));
    const headers = { "containerd-namespace": "n" };
    await expect(client.info({ digest: "sha256:../../etc/passwd" }, { headers })).rejects.toMatchObject({
      code: Code.InvalidArgument,
    });
    await expect(Array.fromAsync(client.list({}))).rejects.toMatchObject({
      code: Code.FailedPrecondition,
      rawMessage: "namespace is required: failed precondition",
    });
  });
});

test("the server tells its version and its socket's absolute path", async () => {
  const served = await serve();
  const answer = await createClient(ServerService, createGrpcTransport({ baseUrl: served.url })).getServer({});
  expect(answer.sockets).toEqual([served.socket]);
  expect(answer.version).toMatch(/^\d+\.\d+\.\d+/);
});

test("answers to calls are not to be stored, also those by GET", async () => {
  const { url } = await serve();
  const query = "connect=v1&encoding=json&message=%7B%7D";
  const answer = await ask(`${url}/stowage.v1.ServerService/GetServer?${query}`);
  expect([answer.status, answer.headers["cache-control"]]).toEqual([200, "no-store"]);
});

test("a message above the limit is refused, and the next call goes on", async () => {
  const served = await serve();
  const client = createClient(Content, createConnectTransport({ baseUrl: served.url, httpVersion: "1.1" }));
  const filters = ["x".repeat(17 * 1024 * 1024)];
  const refused = await client.listStatuses({ filters }).catch((error: unknown) => ConnectError.from(error));
  expect(refused).toMatchObject({ code: Code.ResourceExhausted });
  await expect(client.info({ digest: "" })).rejects.toMatchObject({ code: Code.InvalidArgument });
});

test("a message that says it is above the limit is refused before its bytes are there", async () => {
  const { url } = await serve();
  const { stream, trailers } = beginGrpc(url, "/containerd.services.content.v1.Content/List");
  const ended = once(stream, "close");
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(0x7fff_ffff, 1);
  stream.write(prefix);
  expect(await trailers).toMatchObject({ "grpc-status": String(Code.ResourceExhausted) });
  stream.end();
  await ended;
});

test("a small message that unpacks to one above the limit is refused", async () => {
  const { url } = await serve();
  const packed = gzipSync(Buffer.alloc(100 * 1024 * 1024));
  const answer = await ask(`${url}/containerd.services.content.v1.Content/Info`, {
    method: "POST",
    headers: { "content-type": "application/proto", "content-encoding": "gzip" },
    body: packed,
  });
  expect(JSON.parse(answer.text)).toMatchObject({ code: "resource_exhausted" });
});

test("a call on the unix socket that names no host is not left without an end", async () => {
  const { socket } = await serve();
  const connection = connect(socket);
  onTestFinished(() => {
    connection.destroy();
  });
  const call = "POST /containerd.services.content.v1.Content/Info HTTP/1.0";
  connection.write(`${call}\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}`);
  await once(connection.resume(), "close");
});

describe("what is not served", () => {
  test.for([
    ["containerd.services.images.v1.Images/List", "unknown service containerd.services.images.v1.Images"],
    [
      "containerd.services.content.v1.Content/Copy",
      "unknown method Copy for service containerd.services.content.v1.Content",
    ],
  ])("is unimplemented in the words of gRPC: %s", async ([method, text]) => {
    const { url } = await serve();
    const web = { "content-type": "application/grpc-web+proto" };
    const answer = await ask(`${url}/${method}`, { method: "POST", headers: web });
    expect([answer.status, answer.headers["grpc-status"], answer.headers["grpc-message"]]).toEqual([200, "12", text]);
    const { stream, trailers } = beginGrpc(url, `/${method}`);
    stream.end();
    expect(await trailers).toMatchObject({ "grpc-status": "12", "grpc-message": text });
    const json = await ask(`${url}/${method}`, { method: "POST", headers: { "content-type": "application/json" } });
    expect([json.status, JSON.parse(json.text)]).toEqual([501, { code: "unimplemented", message: text }]);
  });

  test.for<[string, string, number]>([
    ["POST", "/", 405],
    ["PUT", "/content", 405],
    ["OPTIONS", "/stowage.v1.Nothing/Get", 405],
    ["GET", "/", 404],
    ["GET", "/-/anything", 404],
    ["DELETE", "/-/blob", 405],
  ])("%s %s is %i", async ([method, path, status]) => {
    const { url } = await serve();
    const answer = await ask(`${url}${path}`, { method });
    expect(answer.status).toBe(status);
    if (status === 405) expect(answer.headers.allow).toBe("GET, HEAD");
  });
});

describe("health", () => {
  test("is told once the server is ready", async () => {
    const { url } = await serve();
    expect((await ask(`${url}/healthz`)).status).toBe(200);
    expect((await ask(`${url}/readyz`)).text).toBe("ready\n");
  });
});

describe("a request from elsewhere", () => {
  test("is refused by its Host, its Origin, and what a proxy set", async () => {
    const { url } = await serve();
    const statusOf = async (path: string, headers: Record<string, string>, method = "GET") =>
      (await ask(`${url}${path}`, { headers, method })).status;
    expect(await statusOf("/healthz", { host: "evil.example" })).toBe(403);
    expect(await statusOf("/-/blob?ns=n", { "sec-fetch-site": "cross-site" })).toBe(403);
    const call = "/containerd.services.content.v1.Content/Delete";
    expect(await statusOf(call, { origin: "https://evil.example", "content-type": "application/json" }, "POST")).toBe(
      403,
    );
    expect(await statusOf("/unknown.Service/Get", { "sec-fetch-site": "same-site" }, "POST")).toBe(403);
    expect(await statusOf("/healthz", { "x-forwarded-for": "203.0.113.9" })).toBe(403);
    expect(await statusOf("/healthz", { "sec-fetch-site": "cross-site" })).toBe(200);
  });
});
