import type { Socket } from "node:net";
import { connect, createServer } from "node:net";

/** A network line to a server, as a laptop far from it has one. */
export interface Line extends AsyncDisposable {
  /** `http://127.0.0.1:PORT`, of the near end. */
  readonly url: string;
  /** Bytes that came from the server so far. */
  bytes(): number;
}

/** Bits a second, each way, and time there and back in milliseconds. */
export const lab = { bitsPerSecond: 10_000_000, roundTripMs: 40 } as const;

/**
 * A relay on loopback that lets through so many bytes a second and holds them back for the time of the way. It stands under
 * all of a browser's requests, also those of its workers, which a browser's own emulation leaves out.
 *
 * @param url of the server
 */
export async function openLine(url: string): Promise<Line> {
  const { hostname, port } = new URL(url);
  const sockets = new Set<Socket>();
  const down = createWay();
  const up = createWay();
  const relay = createServer((near) => {
    const far = connect(Number(port), hostname);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on("error", () => socket.destroy());
      socket.on("close", () => {
        sockets.delete(socket);
        near.destroy();
        far.destroy();
      });
    }
    up.carry(near, far);
    down.carry(far, near);
  });
  await new Promise<void>((resolve) => relay.listen(0, "127.0.0.1", resolve));
  const address = relay.address();
  const nearPort = typeof address === "object" ? (address?.port ?? 0) : 0;
  return {
    url: `http://127.0.0.1:${nearPort}`,
    bytes: down.bytes,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => relay.close(resolve));
    },
  };
}

/** One way of a line, which all connections share. */
function createWay() {
  let freeAt = 0;
  let count = 0;
  return {
    bytes: () => count,
    carry(from: Socket, to: Socket): void {
      from.on("data", (data) => {
        count += data.length;
        freeAt = Math.max(freeAt, performance.now()) + (data.length * 8000) / lab.bitsPerSecond;
        const waitMs = freeAt - performance.now() + lab.roundTripMs / 2;
        setTimeout(() => to.write(data), waitMs);
        // What is on the way is held by nobody else: a sender that is faster than the line waits.
        if (waitMs < maxQueueMs) return;
        from.pause();
        setTimeout(() => from.resume(), waitMs - maxQueueMs);
      });
      from.on("end", () =>
        setTimeout(() => to.end(), Math.max(0, freeAt - performance.now()) + lab.roundTripMs / 2 + 1),
      );
    },
  };
}

/** As much as this may be on the way, in milliseconds. */
const maxQueueMs = 200;
