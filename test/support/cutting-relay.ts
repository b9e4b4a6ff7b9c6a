import { once } from "node:events";
import type { AddressInfo, Socket } from "node:net";
import { connect, createServer } from "node:net";
import { onTestFinished } from "vitest";

/** A way to a server that breaks. */
export interface CuttingRelay {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  /** Connections that it cut. */
  cuts(): number;
}

/**
 * Passes connections on to a server, and destroys the one that is under way at every such byte, counted over all
 * connections; it ends with the test.
 *
 * @param target URL of the server
 * @param direction whose bytes are counted
 * @param places in order; after the last one nothing is cut
 */
export async function startCuttingRelay(
  target: string,
  direction: "up" | "down",
  places: readonly number[],
): Promise<CuttingRelay> {
  const { hostname, port } = new URL(target);
  const open = new Set<Socket>();
  let passed = 0;
  let cuts = 0;

  /** Sends what comes; up to the next place, and then nothing more of either. */
  function pass(from: Socket, to: Socket, counts: boolean): void {
    from.on("data", (chunk: Buffer) => {
      const place = places[cuts];
      if (!counts || place === undefined || passed + chunk.length <= place) {
        if (counts) passed += chunk.length;
        to.write(chunk);
        return;
      }
      const part = chunk.subarray(0, Math.max(0, place - passed));
      passed += part.length;
      cuts += 1;
      from.removeAllListeners("data");
      to.end(part, () => {
        to.destroy();
        from.destroy();
      });
    });
    from.on("close", () => to.destroy());
    from.on("error", () => to.destroy());
  }

  const server = createServer((down) => {
    const up = connect(Number(port), hostname);
    for (const socket of [down, up]) {
      open.add(socket);
      socket.on("close", () => open.delete(socket));
    }
    pass(down, up, direction === "up");
    pass(up, down, direction === "down");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.close();
    for (const socket of open) socket.destroy();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, cuts: () => cuts };
}
