import type { Server } from "node:http";
import type { Socket } from "node:net";
import { limits } from "./limits.ts";

/** What every cleartext HTTP/2 client sends first (RFC 9113, 3.4). */
const preface = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "latin1");

/** Bytes after which a connection that begins like the preface cannot be HTTP/1.1 any more: no method begins so. */
const decidedBytes = 3;

/** Connections that have not said yet which protocol they speak. */
export interface Undecided {
  /** Cut them. */
  close(): void;
}

/**
 * Let one server answer HTTP/1.1 and hand connections that begin with HTTP/2's preface to `onHttp2`. What begins like the
 * preface and turns out to be something else is cut, and so is a connection that stays silent.
 */
export function sniffHttp2(server: Server, onHttp2: (socket: Socket) => void): Undecided {
  const sniffing = new Set<Socket>();
  const [onHttp1] = server.listeners("connection") as ((socket: Socket) => void)[];
  server.removeAllListeners("connection");
  server.on("connection", (socket: Socket) => {
    sniffing.add(socket);
    sniff(socket, (http2) => {
      sniffing.delete(socket);
      if (http2 === undefined) return;
      if (http2) {
        // HTTP/1.1 lets a client half-close. Here that is a client that is gone, and its calls must hear of it.
        socket.allowHalfOpen = false;
        return onHttp2(socket);
      }
      onHttp1?.call(server, socket);
      socket.resume();
    });
  });
  return {
    close() {
      for (const socket of sniffing) socket.destroy();
    },
  };
}

/** @param decided is told once: HTTP/2, HTTP/1.1 (the bytes read are put back), or undefined for a connection that is cut */
function sniff(socket: Socket, decided: (http2: boolean | undefined) => void): void {
  let seen: Buffer = Buffer.alloc(0);
  const end = (http2: boolean | undefined): void => {
    clearTimeout(timer);
    socket.off("readable", onReadable).off("error", cut).off("close", cut);
    if (http2 === undefined) socket.on("error", () => undefined).destroy();
    else socket.unshift(seen);
    decided(http2);
  };
  const cut = (): void => end(undefined);
  const onReadable = (): void => {
    const chunk = socket.read() as Buffer | null;
    if (chunk === null) return;
    seen = Buffer.concat([seen, chunk]);
    const known = Math.min(seen.length, preface.length);
    if (!seen.subarray(0, known).equals(preface.subarray(0, known))) {
      end(startsLikePreface(seen) ? undefined : false);
    } else if (known === preface.length) {
      end(true);
    }
  };
  const timer = setTimeout(cut, limits.sniffMs);
  socket.on("readable", onReadable).once("error", cut).once("close", cut);
}

function startsLikePreface(seen: Buffer): boolean {
  return seen.subarray(0, decidedBytes).equals(preface.subarray(0, decidedBytes));
}
