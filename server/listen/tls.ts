import type { Server, ServerOptions } from "node:https";
import { createServer } from "node:https";
import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import { limits } from "./limits.ts";
import type { LiveCertificate } from "./live-certificate.ts";
import type { RequestHandler } from "./request.ts";
import type { Undecided } from "./sniffer.ts";

/** How a server with TLS speaks. */
export interface SecureOptions extends ServerOptions {
  readonly certificate: LiveCertificate;
}

/** Nothing older is spoken. */
const minVersion = "TLSv1.2";

/**
 * A server that answers HTTP/1.1 over TLS, and hands connections that agree on HTTP/2 (ALPN, RFC 7301) to `onHttp2`. A new
 * certificate is for new connections; those that there are go on.
 */
export function createSecureServer(
  { certificate, ...options }: SecureOptions,
  handler: RequestHandler,
  onHttp2: (socket: Socket) => void,
): { readonly server: Server; readonly undecided: Undecided } {
  const server = createServer(
    {
      ...options,
      ...certificate.pem,
      minVersion,
      ALPNProtocols: ["h2", "http/1.1"],
      handshakeTimeout: limits.sniffMs,
    },
    handler,
  );
  certificate.follow((pem) => server.setSecureContext({ ...pem, minVersion }));
  const undecided = followHandshakes(server);
  const [onHttp1] = server.listeners("secureConnection") as ((socket: TLSSocket) => void)[];
  server.removeAllListeners("secureConnection");
  server.on("secureConnection", (socket: TLSSocket) => {
    undecided.decide(socket);
    if (socket.alpnProtocol === "h2") onHttp2(socket);
    else onHttp1?.call(server, socket);
  });
  return { server, undecided };
}

/** Knows the connections whose handshake is under way, by both their ends: Node tells not which socket became which. */
function followHandshakes(server: Server): Undecided & { decide(socket: Socket): void } {
  const shaking = new Map<string, Socket>();
  server.on("connection", (socket: Socket) => {
    const name = nameOf(socket);
    shaking.set(name, socket);
    socket.once("close", () => {
      if (shaking.get(name) === socket) shaking.delete(name);
    });
  });
  return {
    decide: (socket) => void shaking.delete(nameOf(socket)),
    close() {
      for (const socket of shaking.values()) socket.destroy();
    },
  };
}

function nameOf({ remoteAddress, remotePort, localAddress, localPort }: Socket): string {
  return [remoteAddress, remotePort, localAddress, localPort].join(" ");
}
