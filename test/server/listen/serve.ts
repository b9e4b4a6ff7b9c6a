import type { IncomingHttpHeaders, RequestOptions } from "node:http";
import { request } from "node:http";
import type { Socket } from "node:net";
import { connect } from "node:net";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { onTestFinished } from "vitest";
import { httpListenerPlugin } from "../../../server/listen/plugin.ts";
import { sqliteMetadataPlugin } from "../../../server/metadata/plugin.ts";
import type { Plugin } from "../../../server/plugins/plugin.ts";
import type { RunningServer, ServerOptions } from "../../../server/server.ts";
import { openServer } from "../../../server/server.ts";
import { contentPlugin } from "../../../server/services/content.ts";
import { namespacesPlugin } from "../../../server/services/namespaces.ts";
import { stowageContentPlugin } from "../../../server/services/stowage-content.ts";
import { stowageServerPlugin } from "../../../server/services/stowage-server.ts";
import { storeSetPlugin } from "../../../server/store-set/plugin.ts";
import { memoryStorePlugin } from "../../../server/stores/memory/plugin.ts";
import { createLog } from "../../support/log.ts";
import { makeTempDir } from "../../support/temp-dir.ts";

/** A server over a store in memory. */
export const inMemory: readonly Plugin[] = [
  memoryStorePlugin,
  sqliteMetadataPlugin,
  storeSetPlugin,
  contentPlugin,
  namespacesPlugin,
  stowageContentPlugin,
  stowageServerPlugin,
  httpListenerPlugin,
];

export interface Served {
  readonly server: RunningServer;
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  readonly port: number;
  readonly socket: string;
  /** The log so far. */
  readonly text: () => string;
}

/** Serve on a free port and a socket for one test; the bytes are kept in memory. */
export async function serve(options: Partial<ServerOptions> = {}): Promise<Served> {
  const root = await makeTempDir();
  const { logger, text } = createLog();
  const listen = [{ host: "127.0.0.1", port: 0 }];
  const server = await openServer({ plugins: inMemory, root, listen, logger, ...options });
  onTestFinished(() => server.close(0));
  const [url = ""] = server.urls;
  return { server, url, port: Number(new URL(url).port), socket: join(root, "stowage.sock"), text };
}

/** An answer over HTTP/1.1. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** The body as text. */
  readonly text: string;
}

/** Ask over HTTP/1.1 just what is said; rejects for an answer that is cut. */
export function ask(
  url: string,
  { body, ...options }: RequestOptions & { readonly body?: string | Uint8Array } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { agent: false, ...options }, (response) => {
      buffer(response).then((whole) => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: whole, text: whole.toString() });
      }, reject);
    });
    asked.on("error", reject);
    asked.end(body);
  });
}

/** A connection whose bytes a test sends itself. */
export interface RawConnection {
  readonly socket: Socket;
  /** What came so far. */
  readonly received: () => Buffer;
  /** Settled once the connection has ended, however it did. */
  readonly closed: Promise<void>;
}

/** Connect to a port of this machine. */
export async function connectRaw(port: number): Promise<RawConnection> {
  const socket = connect({ host: "127.0.0.1", port, noDelay: true });
  onTestFinished(() => {
    socket.destroy();
  });
  const chunks: Buffer[] = [];
  socket.on("data", (chunk: Buffer) => chunks.push(chunk)).on("error", () => undefined);
  const closed = new Promise<void>((resolve) => {
    socket.once("close", () => resolve());
  });
  await new Promise((resolve) => {
    socket.once("connect", resolve);
  });
  return { socket, closed, received: () => Buffer.concat(chunks) };
}
