import { once } from "node:events";
import { copyFile } from "node:fs/promises";
import type { ClientHttp2Session } from "node:http2";
import { connect as connectHttp2 } from "node:http2";
import { request } from "node:https";
import { buffer } from "node:stream/consumers";
import type { TLSSocket } from "node:tls";
import { connect as connectTls } from "node:tls";
import { createClient } from "@connectrpc/connect";
import { createConnectTransport, createGrpcTransport, createGrpcWebTransport } from "@connectrpc/connect-node";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { createRemoteStore } from "../../../content/remote/store.ts";
import { ServerService } from "../../../gen/stowage/v1/server_pb.js";
import { tokensPlugin } from "../../../server/access/plugin.ts";
import type { ServerOptions } from "../../../server/server.ts";
import { StartError } from "../../../server/start-error.ts";
import type { MadeCertificate } from "../../support/certificate.ts";
import { makeCertificate } from "../../support/certificate.ts";
import { makeTempDir } from "../../support/temp-dir.ts";
import type { Answer } from "./serve.ts";
import { connectRaw, inMemory, serve } from "./serve.ts";

let made: MadeCertificate;
let other: MadeCertificate;

beforeEach(async () => {
  const folder = await makeTempDir();
  made = await makeCertificate(folder, "one", "DNS:stowage.lan,DNS:localhost,IP:127.0.0.1");
  other = await makeCertificate(folder, "other", "DNS:localhost,DNS:renewed.lan,IP:127.0.0.1");
});

const serveTls = (options: Partial<ServerOptions> = {}) =>
  serve({ listen: [{ host: "127.0.0.1", port: 0, tls: { cert: made.cert, key: made.key } }], ...options });

/** Ask over HTTP/1.1 with TLS. */
function ask(url: string, headers: Record<string, string> = {}, method = "GET"): Promise<Answer> {
  // Whom a certificate is for is asked of the connection, not of the Host that a test sends.
  const [ca, servername] = [[made.ca, other.ca], "localhost"];
  return new Promise((resolve, reject) => {
    const asked = request(url, { agent: false, ca, servername, headers, method }, (response) => {
      buffer(response).then((body) => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body, text: body.toString() });
      }, reject);
    });
    asked.on("error", reject).end();
  });
}

/** Settled once it is closed, also by an error: what is cut before it was read is reset. */
async function closeOf(connection: TLSSocket | ClientHttp2Session): Promise<void> {
  connection.on("error", () => undefined);
  await new Promise<void>((resolve) => void connection.once("close", () => resolve()));
}

function openSession(url: string): ClientHttp2Session {
  const session = connectHttp2(url, { ca: [made.ca, other.ca] });
  session.on("error", () => undefined);
  onTestFinished(() => session.destroy());
  return session;
}

async function statusOver(session: ClientHttp2Session, path: string): Promise<unknown> {
  const stream = session.request({ ":path": path });
  const [headers] = (await once(stream, "response")) as [Record<string, unknown>];
  stream.close();
  return headers[":status"];
}

/** Names of the certificate that a new connection is shown. */
async function shownTo(port: number): Promise<string | undefined> {
  const socket = connectTls({ host: "127.0.0.1", port, ca: [made.ca, other.ca] });
  onTestFinished(() => {
    socket.destroy();
  });
  await once(socket, "secureConnect");
  return socket.getPeerCertificate().subjectaltname;
}

describe("an address with TLS", () => {
  test("is told as https, and speaks HTTP/2 and HTTP/1.1 as is agreed on", async () => {
    const { url, port } = await serveTls();
    expect(url).toBe(`https://127.0.0.1:${port}`);
    for (const [offered, agreed] of [[["h2", "http/1.1"], "h2"] as const, [["http/1.1"], "http/1.1"] as const]) {
      const socket: TLSSocket = connectTls({ host: "127.0.0.1", port, ca: made.ca, ALPNProtocols: [...offered] });
      await once(socket, "secureConnect");
      expect([socket.alpnProtocol, socket.authorized]).toEqual([agreed, true]);
      socket.destroy();
    }
    expect(await ask(`${url}/healthz`)).toMatchObject({ status: 200, text: "ok\n" });
    expect(await statusOver(openSession(url), "/healthz")).toBe(200);
  });

  test("answers calls in every protocol, and tells who writes from where", async () => {
    const { url, text } = await serveTls();
    const nodeOptions = { ca: made.ca };
    const ways = [
      createGrpcTransport({ baseUrl: url, nodeOptions }),
      createGrpcWebTransport({ baseUrl: url, httpVersion: "2", nodeOptions }),
      createConnectTransport({ baseUrl: url, httpVersion: "2", nodeOptions }),
      createConnectTransport({ baseUrl: url, httpVersion: "1.1", nodeOptions }),
    ];
    for (const transport of ways) {
      const { version } = await createClient(ServerService, transport).getServer({});
      expect(version).toMatch(/^\d+\.\d+\.\d+/);
    }
    const [grpc] = ways;
    if (grpc === undefined) throw new Error("no way");
    const store = createRemoteStore(grpc, { namespace: "n" });
    const bytes = Buffer.alloc(3 * 1024 * 1024, "stowage");
    await using writer = await store.writer({ ref: "large" });
    await expect(createRemoteStore(grpc, { namespace: "n" }).writer({ ref: "large" })).rejects.toMatchObject({
      facts: { locked: { holder: expect.stringContaining("127.0.0.1") } },
    });
    await writer.write(bytes);
    const digest = await writer.commit({ size: bytes.length });
    await using reader = await store.readerAt({ digest });
    expect(Buffer.concat(await Array.fromAsync(reader.read(0, reader.size))).equals(bytes)).toBe(true);
    expect(text()).not.toContain("internal error");
  });

  test("speaks nothing older than TLS 1.2, and cuts what is no TLS", async () => {
    const { url, port } = await serveTls();
    const old = connectTls({ host: "127.0.0.1", port, ca: made.ca, minVersion: "TLSv1", maxVersion: "TLSv1.1" });
    await expect(once(old, "secureConnect")).rejects.toThrow(/alert|version|protocol/i);
    const plain = await connectRaw(port);
    plain.socket.write("GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n");
    await plain.closed;
    const reset = await connectRaw(port);
    reset.socket.resetAndDestroy();
    await reset.closed;
    expect((await ask(`${url}/healthz`)).status).toBe(200);
  });

  test("is known by the names of its certificate, and its pages are those of https", async () => {
    const { url, port } = await serveTls();
    const at = `stowage.lan:${port}`;
    const asked = async (headers: Record<string, string>) => (await ask(`${url}/-/nothing`, headers)).status;
    expect(await asked({ host: at })).toBe(404);
    expect(await asked({ host: at, origin: `https://${at}` })).toBe(404);
    expect(await asked({ host: at, origin: `http://${at}` })).toBe(403);
    expect(await asked({ host: `renewed.lan:${port}` })).toBe(403);
    const plain = await serve();
    expect((await ask(`${url}/healthz`, { host: at })).headers["strict-transport-security"]).toBe("max-age=31536000");
    expect((await ask(`${url}/healthz`)).headers).not.toHaveProperty("strict-transport-security");
    expect((await fetch(`${plain.url}/healthz`)).headers.has("strict-transport-security")).toBe(false);
  });
});

describe("a new certificate", () => {
  test("is shown to new connections; those that there are go on", async () => {
    const { url, port, text } = await serveTls();
    const session = openSession(url);
    expect(await statusOver(session, "/readyz")).toBe(200);
    expect(await shownTo(port)).toContain("stowage.lan");
    await copyFile(other.cert, made.cert);
    await copyFile(other.key, made.key);
    await expect.poll(() => shownTo(port)).toContain("renewed.lan");
    expect(await statusOver(session, "/readyz")).toBe(200);
    expect((await ask(`${url}/healthz`, { host: "renewed.lan" })).status).toBe(200);
    expect((await ask(`${url}/healthz`, { host: "stowage.lan" })).status).toBe(403);
    expect(text()).toContain("certificate changed");
  });
});

describe("a server with TLS", () => {
  test("does not start with a certificate that it cannot use, or on an address that others reach", async () => {
    await copyFile(other.key, made.key);
    await expect(serveTls()).rejects.toThrow(StartError);
    await expect(serveTls()).rejects.toThrow(`cannot serve TLS: ${made.key} is not the key of ${made.cert}`);
    await expect(serve({ listen: [{ host: "0.0.0.0", port: 0 }] })).rejects.toThrow("no sign-in is configured");
  });

  test("listens where others reach it once sign-in is configured, and says where anybody can listen in", async () => {
    const signIn = { plugins: [...inMemory, tokensPlugin], config: { "auth/tokens": {} } };
    const tls = { cert: made.cert, key: made.key };
    const { url, port, text } = await serve({ ...signIn, listen: [{ host: "0.0.0.0", port: 0, tls }] });
    expect(url).toBe(`https://0.0.0.0:${port}`);
    expect((await ask(`https://127.0.0.1:${port}/healthz`)).status).toBe(200);
    expect(text()).not.toContain("without TLS");
    const open = await serve({ ...signIn, listen: [{ host: "0.0.0.0", port: 0, insecure: true }] });
    expect(open.text()).toContain("0.0.0.0:0 is without TLS: who is between reads every token and every blob");
    const refused = serve({ ...signIn, listen: [{ host: "0.0.0.0", port: 0 }] });
    await expect(refused).rejects.toThrow("without TLS; set tls on it");
  });

  test("stops at once though connections have said nothing yet, and cuts those that end nothing", async () => {
    const { server, url, port } = await serveTls();
    const silent = await connectRaw(port);
    const said = ["", "GET / HT"].map(async (text) => {
      const socket = connectTls({ host: "127.0.0.1", port, ca: made.ca });
      await once(socket.resume(), "secureConnect");
      socket.write(text);
      return { closed: closeOf(socket) };
    });
    const session = openSession(url);
    expect(await statusOver(session, "/healthz")).toBe(200);
    const ends = [silent.closed, closeOf(session), ...(await Promise.all(said)).map(({ closed }) => closed)];
    await server.close(0);
    await Promise.all(ends);
  });
});
