import type { Transport } from "@connectrpc/connect";
import { createClient } from "@connectrpc/connect";
import { ServerService } from "../../gen/stowage/v1/server_pb.js";
import { isKind } from "../errors.ts";
import { answerOf } from "./call.ts";

/** What a Stowage server tells of itself. */
export interface ServerFacts {
  readonly version: string;
  /** Absolute paths of the unix sockets it listens on. */
  readonly sockets: readonly string[];
  /** Name of its machine. */
  readonly host: string;
}

/**
 * What the server tells of itself (ServerService.GetServer).
 *
 * @returns undefined where it is another server of containerd's services
 */
export async function getServer(transport: Transport, signal?: AbortSignal): Promise<ServerFacts | undefined> {
  const client = createClient(ServerService, transport);
  try {
    const { version, sockets, host } = await answerOf(client.getServer({}, { signal }), signal);
    return { version, sockets, host };
  } catch (error) {
    if (isKind(error, "not-implemented")) return undefined;
    throw error;
  }
}
