import { Buffer } from "node:buffer";
import { request } from "node:https";
import { buffer } from "node:stream/consumers";
import type { TLSSocket } from "node:tls";
import { connect } from "node:tls";
import { createClient } from "@connectrpc/connect";
import { createConnectTransport, createGrpcTransport } from "@connectrpc/connect-node";
import { expect, test } from "vitest";
import { createRemoteStore } from "../../content/remote/store.ts";
import { Content, WriteAction } from "../../gen/containerd/services/content/v1/content_pb.js";
import { ContentService } from "../../gen/stowage/v1/content_pb.js";
import { startCaddy } from "../support/caddy.ts";
import type { MadeCertificate } from "../support/certificate.ts";
import { makeCertificate } from "../support/certificate.ts";
import { startNginx } from "../support/nginx.ts";
import type { StartProxy } from "../support/proxy.ts";
import { startStowage } from "../support/stowage.ts";
import { makeTempDir } from "../support/temp-dir.ts";

const origin = "https://stowage.example";

/** The address of the client, which is no proxy's. */
const client = "127.0.0.2";

const mebibyte = 1024 * 1024;

/** More than a proxy takes of one request that is no call of gRPC. */
const largeBytes = 20 * mebibyte;

/** What a proxy is, and what it makes of a request for another host than the site's. */
interface Tested {
  readonly name: string;
  readonly start: StartProxy;
  readonly forgedHost: (host: string) => unknown;
}

const proxies: readonly Tested[] = [
  {
    name: "nginx",
    start: startNginx,
    forgedHost: (host) => [403, `host "${host}" is not that of ${origin}; the proxy has to pass the Host on\n`],
  },
  // It has no site of that name, and asks nobody.
  { name: "Caddy", start: startCaddy, forgedHost: () => [200, ""] },
];

/** A server behind a proxy, as docs/deploy.md has it, and how it is dialled. */
async function serve(start: StartProxy) {
  const certificate = await makeCertificate(await makeTempDir(), "stowage", "DNS:stowage.example");
  const stowage = await startStowage([], `public_url = "${origin}"\ntrusted_proxies = ["127.0.0.1"]\n`);
  const proxy = await start(new URL(stowage.url).host, certificate);
  const dial = (protocol: string) => () => dialTls(certificate, { ...proxy, localAddress: client }, protocol);
  return { stowage, dial };
}

function dialTls(
  { ca }: MadeCertificate,
  to: { readonly host: string; readonly port: number; readonly localAddress: string },
  protocol: string,
): TLSSocket {
  return connect({ ...to, ca, servername: "stowage.example", ALPNProtocols: [protocol] });
}

async function* streamOf<T>(messages: readonly T[]): AsyncGenerator<T, void, undefined> {
  yield* messages;
}

/** Ask over HTTP/1.1. */
async function ask(dial: () => TLSSocket, path: string, headers: Record<string, string>, body?: string) {
  const { promise, resolve, reject } = Promise.withResolvers<[number | undefined, string]>();
  const method = body === undefined ? "GET" : "POST";
  const asked = request(`${origin}${path}`, { createConnection: dial, headers, method }, (response) => {
    buffer(response).then((bytes) => resolve([response.statusCode, bytes.toString()]), reject);
  });
  asked.on("error", reject).end(body);
  return await promise;
}

test.each(proxies)(
  "behind the $name of the page on running it, pages, calls, streams, downloads and gRPC work, for its own name alone",
  async ({ start, forgedHost }) => {
    const { stowage, dial } = await serve(start);
    expect(stowage.log()).toMatch(/^stowage ready http:\S+ unix:\S+ https:\/\/stowage\.example$/m);
    expect(stowage.log()).toContain("without sign-in, everybody whom the proxy lets through may do everything");
    const [http1, http2] = [dial("http/1.1"), dial("h2")];
    const get = (path: string, headers: Record<string, string> = {}) => ask(http1, path, headers);

    expect(await get("/content", { "sec-fetch-site": "cross-site" })).toEqual([200, expect.stringContaining("<html")]);

    // A stream that is followed tells of a blob while it is open, which one call writes meanwhile.
    const connectOver = createConnectTransport({
      baseUrl: origin,
      httpVersion: "2",
      nodeOptions: { createConnection: http2 },
    });
    const stop = new AbortController();
    const headers = { "containerd-namespace": "default", origin };
    const calls = createClient(ContentService, connectOver);
    const stream = calls.list({ watch: { follow: true } }, { headers, signal: stop.signal });
    const events = stream[Symbol.asyncIterator]();
    const until = async (
      found: (event: { readonly case?: string | undefined; readonly value?: unknown }) => boolean,
    ) => {
      for (;;) {
        const { done, value } = await events.next();
        if (done === true) throw new Error("the stream ended");
        if (found(value.event)) return;
      }
    };
    await until(({ value }) => (value as { setComplete?: boolean }).setComplete === true);
    const json = { "content-type": "application/json", "containerd-namespace": "default", origin };
    const write = JSON.stringify({ request: { action: "COMMIT", ref: "hello", data: "aGVsbG8K" } });
    expect((await ask(http1, "/stowage.v1.ContentService/Write", json, write))[0]).toBe(200);
    const digest = "sha256:5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03";
    await until((event) =>
      JSON.stringify(event, (_, value) => (typeof value === "bigint" ? `${value}` : value)).includes(digest),
    );
    stop.abort();

    expect(await get(`/-/blob?ns=default&d=${digest}`, { range: "bytes=1-3" })).toEqual([206, "ell"]);

    // What a client says of itself is not believed, neither in one header nor in two.
    const forged = { "x-forwarded-for": "203.0.113.9", forwarded: "for=203.0.113.9" };
    const grpc = createGrpcTransport({
      baseUrl: origin,
      nodeOptions: { createConnection: http2 },
      interceptors: [
        (next) => (call) => {
          for (const [name, value] of Object.entries(forged)) call.header.set(name, value);
          return next(call);
        },
      ],
    });
    // The longest message that containerd's clients send, and a call that is longer than any request may be.
    const longest = Buffer.alloc(16 * mebibyte, "x");
    const one = [{ action: WriteAction.COMMIT, ref: "longest", data: longest }];
    const answers = await Array.fromAsync(createClient(Content, grpc).write(streamOf(one), { headers }));
    expect(answers).toMatchObject([{ offset: BigInt(longest.length) }]);
    const store = createRemoteStore(grpc, { namespace: "default" });
    await using writer = await store.writer({ ref: "large" });
    await expect(store.writer({ ref: "large" })).rejects.toMatchObject({
      facts: { locked: { holder: expect.stringMatching(/ · 127\.0\.0\.2$/) } },
    });
    for (let sent = 0; sent < largeBytes; sent += 4 * mebibyte) await writer.write(Buffer.alloc(4 * mebibyte, sent));
    expect(await writer.commit({ size: largeBytes })).toMatch(/^sha256:/);

    for (const host of ["evil.example", "127.0.0.1", "localhost"]) {
      expect(await get("/content", { host })).toEqual(forgedHost(host));
    }
    expect((await get("/-/nothing", { origin: "https://evil.example" }))[0]).toBe(403);
    expect((await get("/-/nothing", { origin, "x-forwarded-host": "evil.example" }))[0]).toBe(404);
  },
);
