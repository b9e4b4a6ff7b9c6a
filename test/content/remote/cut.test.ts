import { once } from "node:events";
import http from "node:http";
import http2 from "node:http2";
import type { AddressInfo, Socket } from "node:net";
import type { ConnectRouter, Transport } from "@connectrpc/connect";
import {
  connectNodeAdapter,
  createConnectTransport,
  createGrpcTransport,
  createGrpcWebTransport,
} from "@connectrpc/connect-node";
import { createConnectTransport as createFetchTransport } from "@connectrpc/connect-web";
import { afterAll, describe, expect, test } from "vitest";
import { parseDigest } from "../../../content/parse-digest.ts";
import { followIngests } from "../../../content/remote/follow.ts";
import { createRemoteStore } from "../../../content/remote/store.ts";
import { Content } from "../../../gen/containerd/services/content/v1/content_pb.js";
import { ContentService } from "../../../gen/stowage/v1/content_pb.js";

const digest = parseDigest(`sha256:${"a".repeat(64)}`);

/** Ends what it listed after one row, once `hang` is not wanted. */
function routes(router: ConnectRouter): void {
  router.service(Content, {
    info: () => ({ info: { digest, size: 4n } }),
    async *list({ filters }, { signal }) {
      yield { info: [{ digest, size: 4n }] };
      if (filters.includes("hang")) await once(signal, "abort");
    },
    async *read(_, { signal }) {
      yield { offset: 0n, data: new Uint8Array(2) };
      await once(signal, "abort");
    },
    async *write(requests) {
      for await (const { action, offset, data } of requests) {
        if (data.length > 0) await new Promise(() => undefined);
        yield { action, offset };
      }
    },
  });
  router.service(ContentService, {
    async *status(_, { signal }) {
      yield { event: { case: "begin", value: { heartbeatInterval: { seconds: 10n } } } };
      yield { event: { case: "bookmark", value: { setComplete: true } } };
      await once(signal, "abort");
    },
  });
}

/** A server whose connections can be cut, and that then goes on. */
async function listen(server: http.Server | http2.Http2Server) {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut: () => {
      for (const socket of sockets) socket.destroy();
    },
  };
}

const handler = connectNodeAdapter({ routes });
const one = http.createServer(handler);
// A client would ask on a connection of before that is cut, and that it does not know of yet.
one.maxRequestsPerSocket = 1;
const two = http2.createServer({}, handler);
const [h1, h2] = await Promise.all([listen(one), listen(two)]);

afterAll(() => {
  for (const { cut } of [h1, h2]) cut();
  one.close();
  two.close();
});

interface Way {
  readonly name: string;
  readonly transport: Transport;
  readonly cut: () => void;
  readonly twoWay: boolean;
}

const ways: readonly Way[] = [
  { name: "gRPC", transport: createGrpcTransport({ baseUrl: h2.baseUrl }), cut: h2.cut, twoWay: true },
  {
    name: "Connect on HTTP/2",
    transport: createConnectTransport({ baseUrl: h2.baseUrl, httpVersion: "2" }),
    cut: h2.cut,
    twoWay: true,
  },
  {
    name: "Connect on HTTP/1.1",
    transport: createConnectTransport({ baseUrl: h1.baseUrl, httpVersion: "1.1" }),
    cut: h1.cut,
    twoWay: false,
  },
  {
    name: "gRPC-Web on HTTP/1.1",
    transport: createGrpcWebTransport({ baseUrl: h1.baseUrl, httpVersion: "1.1" }),
    cut: h1.cut,
    twoWay: false,
  },
  {
    name: "Connect by fetch",
    transport: createFetchTransport({ baseUrl: h1.baseUrl, useBinaryFormat: true }),
    cut: h1.cut,
    twoWay: false,
  },
];

describe.each(ways)("over $name", ({ transport, cut }) => {
  const store = createRemoteStore(transport, { namespace: "n" });

  test("a list that ends is whole, one that is cut is unavailable", async () => {
    expect(await Array.fromAsync(store.walk())).toHaveLength(1);
    const rows = store.walk(["hang"])[Symbol.asyncIterator]();
    expect((await rows.next()).value).toMatchObject({ digest });
    const next = rows.next();
    cut();
    await expect(next).rejects.toMatchObject({ kind: "unavailable" });
  });

  test("a read that is cut is unavailable, not short", async () => {
    const reader = await store.readerAt({ digest });
    const chunks = reader.read(0)[Symbol.asyncIterator]();
    await chunks.next();
    const next = chunks.next();
    cut();
    await expect(next).rejects.toMatchObject({ kind: "unavailable" });
  });

  test("a live set goes on after its connection was cut", async () => {
    const stop = new AbortController();
    const states: string[] = [];
    const timing = { minDelayMs: 1, maxDelayMs: 2 };
    for await (const event of followIngests(transport, { timing }, stop.signal)) {
      if (event.kind === "connection") states.push(event.state);
      if (event.kind !== "bookmark") continue;
      if (states.includes("waiting")) stop.abort();
      else cut();
    }
    expect(states.at(0)).toBe("connecting");
    expect(states.at(-1)).toBe("live");
  });
});

describe.each(ways.filter(({ twoWay }) => twoWay))("a write over $name", ({ transport, cut }) => {
  test("that is cut is unavailable, and its writer can be closed", async () => {
    const writer = await createRemoteStore(transport).writer({ ref: "r" });
    const write = writer.write(new Uint8Array(1));
    cut();
    await expect(write).rejects.toMatchObject({ kind: "unavailable" });
    await writer.close();
  });
});
