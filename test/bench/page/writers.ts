import { createRemoteStore } from "../../../content/remote/store.ts";
import type { Store, Writer } from "../../../content/store.ts";
import { grpcTransport } from "../../support/grpc.ts";

/** Where the bench writes: a namespace of its own, in which nothing is ever committed. */
export const benchNamespace = "bench";

/** Ingests that are written to over and over. */
export interface Writers extends AsyncDisposable {
  /** Begin to write; until then the ingests are held and do not move. */
  move(): void;
  /** Writes a second since this was asked last. */
  rate(): number;
}

/** Bytes of one write. */
const chunk = new Uint8Array(64);

/** @param socket path of the server's socket */
export function benchStore(socket: string): Store {
  return createRemoteStore(grpcTransport(socket), { namespace: benchNamespace });
}

/** Writers that share a connection: a server refuses more streams on one. */
const writersPerConnection = 50;

/**
 * Begin so many ingests, to write to each of them so often a second, as far as the server keeps up. Disposing of it aborts
 * them.
 */
export async function openWriters(socket: string, count: number, perSecond: number): Promise<Writers> {
  const refs = Array.from({ length: count }, (_, index) => `bench-${index}`);
  const writers: Writer[] = [];
  let store = benchStore(socket);
  for (const [index, ref] of refs.entries()) {
    if (index % writersPerConnection === 0) store = benchStore(socket);
    writers.push(await store.writer({ ref, descriptor: { size: 1 << 30 } }));
  }
  let isEnding = false;
  let [writes, since] = [0, performance.now()];

  async function writeOn(writer: Writer, index: number): Promise<void> {
    let dueAt = performance.now() + (index / count) * (1000 / perSecond);
    while (!isEnding) {
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, dueAt - performance.now())));
      dueAt = Math.max(dueAt + 1000 / perSecond, performance.now());
      await writer.write(chunk);
      writes += 1;
    }
  }

  let writing: Promise<unknown> = Promise.resolve();
  return {
    move() {
      writing = Promise.allSettled(writers.map(writeOn));
    },
    rate() {
      const rate = (writes * 1000) / (performance.now() - since);
      [writes, since] = [0, performance.now()];
      return rate;
    },
    async [Symbol.asyncDispose]() {
      isEnding = true;
      await writing;
      for (const [index, writer] of writers.entries()) {
        await writer.close();
        await store.abort(refs[index] ?? "");
      }
    },
  };
}
