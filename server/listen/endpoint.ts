import type { Server } from "node:http";
import { createServer } from "node:http";
import type { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { StreamHandler } from "./http2.ts";
import { createHttp2Endpoint } from "./http2.ts";
import { limits } from "./limits.ts";
import type { RequestHandler } from "./request.ts";
import { sniffHttp2 } from "./sniffer.ts";

/** One address that speaks HTTP/1.1 and HTTP/2 without TLS. */
export interface Endpoint {
  /** Listens; the caller binds it. */
  readonly server: Server;
  /**
   * Stop accepting, tell HTTP/2 clients to go elsewhere, close what is idle.
   *
   * @returns settled once every connection has ended
   */
  drain(): Promise<void>;
  /** End every connection now. */
  destroy(): void;
}

/**
 * @param handler answers every request of both protocols
 * @param direct answers streams of HTTP/2 before they become requests; absent: none
 */
export function createEndpoint(handler: RequestHandler, direct: StreamHandler = () => false): Endpoint {
  const server = createServer(
    {
      maxHeaderSize: limits.headerBytes,
      headersTimeout: limits.headersMs,
      // The bodies of calls have a limit of their own, between two pieces: half-sent.ts.
      requestTimeout: 0,
      connectionsCheckingInterval: limits.headersMs / 4,
      keepAliveTimeout: limits.idleMs,
      keepAlive: true,
      keepAliveInitialDelay: limits.keepAliveMs,
      noDelay: true,
    },
    handler,
  );
  server.maxConnections = limits.connections;
  const http2 = createHttp2Endpoint(handler, direct);
  const sniffer = sniffHttp2(server, (socket) => http2.server.emit("connection", socket));
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  return {
    server,
    async drain() {
      const closed = new Promise((resolve) => server.close(resolve));
      sniffer.close();
      http2.drain();
      await sweepUntil(closed, server);
    },
    destroy() {
      http2.destroy();
      // A connection that was asked to end waits for its peer, which may never read on.
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** A kept-alive connection becomes idle when its last answer has left, and nothing tells of that moment. */
async function sweepUntil(closed: Promise<unknown>, server: Server): Promise<void> {
  let open = true;
  const ended = closed.then(() => {
    open = false;
  });
  while (open) {
    server.closeIdleConnections();
    await Promise.race([ended, sleep(limits.sweepMs)]);
  }
}
