import type { Transport } from "@connectrpc/connect";
import { ConnectError, createClient } from "@connectrpc/connect";
import { ServerService } from "../../gen/stowage/v1/server_pb.js";

/** Finds out whether a node is there, whatever else it is busy with. */
export interface Presence {
  /** True where it answers, if only to refuse. However many ask at once, it is asked once. */
  ask(): Promise<boolean>;
}

/** So long a node may take to say that it is there, in milliseconds. */
const patienceMs = 15_000;

/** @param transport on which calls end with their signal alone @param mayTakeMs absent: what a server uses */
export function createPresence(transport: Transport, mayTakeMs: number = patienceMs): Presence {
  const client = createClient(ServerService, transport);
  let asking: Promise<boolean> | undefined;

  async function isThere(): Promise<boolean> {
    try {
      await client.getServer({}, { signal: AbortSignal.timeout(mayTakeMs) });
      return true;
    } catch (thrown) {
      return ConnectError.from(thrown).isWireError;
    } finally {
      asking = undefined;
    }
  }

  return { ask: () => (asking ??= isThere()) };
}
