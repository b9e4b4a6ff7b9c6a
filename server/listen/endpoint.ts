import type { Server, ServerOptions } from "node:http";
import { createServer } from "node:http";
import type { Server as SecureServer } from "node:https";
import type { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { StreamHandler } from "./http2.ts";
import { createHttp2Endpoint } from "./http2.ts";
import { limits } from "./limits.ts";
import type { LiveCertificate } from "./live-certificate.ts";
import type { RequestHandler } from "./request.ts";
import { sniffHttp2 } from "./sniffer.ts";
import { createSecureServer } from "./tls.ts";

/** One address that speaks HTTP/1.1 and HTTP/2, with TLS or without. */
export interface Endpoint {
  /** Listens; the caller binds it. */
  readonly server: Server | SecureServer;
  /**
   * Stop accepting, tell HTTP/2 clients to go elsewhere, close what is idle.
   *
   * @returns settled once every connection has ended
   */
  drain(): Promise<void>;
  /** End every connection now. */
  destroy(): void;
}

/** How HTTP/1.1 is spoken. */
const options: ServerOptions = {
  maxHeaderSize: limits.headerBytes,
  headersTimeout: limits.headersMs,
  // The bodies of calls have a limit of their own, between two pieces: half-sent.ts.
  requestTimeout: 0,
  connectionsCheckingInterval: limits.headersMs / 4,
  keepAliveTimeout: limits.idleMs,
  keepAlive: true,
  keepAliveInitialDelay: limits.keepAliveMs,
  noDelay: true,
};

/**
 * @param handler answers every request of both protocols
 * @param direct answers streams of HTTP/2 before they become requests; absent: none
 * @param certificate closed with the endpoint; absent: it is without TLS
 */
export function createEndpoint(
  handler: RequestHandler,
  direct: StreamHandler = () => false,
  certificate?: LiveCertificate,
): Endpoint {
  const http2 = createHttp2Endpoint(handler, direct);
  const onHttp2 = (socket: Socket): boolean => http2.server.emit("connection", socket);
  const { server, undecided } =
    certificate === undefined
      ? createPlainServer(handler, onHttp2)
      : createSecureServer({ ...options, certificate }, handler, onHttp2);
  server.maxConnections = limits.connections;
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  return {
    server,
    async drain() {
      const closed = new Promise((resolve) => server.close(resolve));
      undecided.close();
      http2.drain();
      await sweepUntil(closed, server);
    },
    destroy() {
      certificate?.close();
      http2.destroy();
      // A connection that was asked to end waits for its peer, which may never read on.
      for (const socket of sockets) socket.destroy();
    },
  };
}

function createPlainServer(handler: RequestHandler, onHttp2: (socket: Socket) => void) {
  const server = createServer(options, handler);
  return { server, undecided: sniffHttp2(server, onHttp2) };
}

/** A kept-alive connection becomes idle when its last answer has left, and nothing tells of that moment. */
async function sweepUntil(closed: Promise<unknown>, server: Endpoint["server"]): Promise<void> {
  let open = true;
  const ended = closed.then(() => {
    open = false;
  });
  while (open) {
    server.closeIdleConnections();
    await Promise.race([ended, sleep(limits.sweepMs)]);
  }
}
