import { durationMs, timestampDate } from "@bufbuild/protobuf/wkt";
import type { Transport } from "@connectrpc/connect";
import { createClient } from "@connectrpc/connect";
import type { StoreFacts as WireFacts } from "../../gen/stowage/v1/server_pb.js";
import { ServerService, StoreFacts_State as WireState } from "../../gen/stowage/v1/server_pb.js";
import { isKind } from "../errors.ts";
import { int64FromWire } from "../wire.ts";
import { answerOf } from "./call.ts";

/**
 * How a store is.
 *
 * - `connecting`: it was not reached yet;
 * - `live`: it answers;
 * - `unreachable`: it does not answer now, and `reason` says why.
 */
export type StoreState = "connecting" | "live" | "unreachable";

/** What a server tells of one of its stores (stowage.v1.StoreFacts). */
export interface StoreFacts {
  /** What the header `stowage-store` and the parameter `store` name. */
  readonly name: string;
  /** The plugin that it is, such as `local`, `containerd` or `remote`. */
  readonly plugin: string;
  /** Where it is, for people; empty for one of the server's own. */
  readonly target: string;
  /** Calls that name no store are about it. */
  readonly isDefault: boolean;
  /** False: what would change it is refused, whoever asks. */
  readonly allowsChanges: boolean;
  readonly state: StoreState;
  /** Why it does not answer, in one line; empty where it does. */
  readonly reason: string;
  /** When it last answered; absent: never, or it is the server's own. */
  readonly lastContact?: Date;
  /** Milliseconds that its last answer took; absent: it is the server's own, or never answered. */
  readonly latencyMs?: number;
  /** Milliseconds between two looks for what changed; absent: it tells of changes itself. */
  readonly polledMs?: number;
  /** A digest in two namespaces counts twice; absent: not known. */
  readonly blobs?: number;
  /** Of its blobs, each digest once; absent: not known. */
  readonly bytes?: number;
  /** Version of the node that calls are passed on to; empty otherwise. */
  readonly version: string;
}

/**
 * The stores that the caller may see, the default one first (ServerService.ListStores). It waits for none of them.
 *
 * @returns undefined where the server has one store only, and no name for it
 */
export async function listStores(
  transport: Transport,
  signal?: AbortSignal,
): Promise<readonly StoreFacts[] | undefined> {
  const client = createClient(ServerService, transport);
  try {
    const { stores } = await answerOf(client.listStores({}, { signal }), signal);
    return stores.map(factsFromWire);
  } catch (error) {
    if (isKind(error, "not-implemented")) return undefined;
    throw error;
  }
}

const states: Readonly<Record<WireState, StoreState>> = {
  [WireState.UNSPECIFIED]: "connecting",
  [WireState.CONNECTING]: "connecting",
  [WireState.LIVE]: "live",
  [WireState.UNREACHABLE]: "unreachable",
};

function factsFromWire(facts: WireFacts): StoreFacts {
  const { name, plugin, target, isDefault, allowsChanges, state, reason, version } = facts;
  const { lastContact, latency, polledEvery, blobs, bytes } = facts;
  return {
    name,
    plugin,
    target,
    isDefault,
    allowsChanges,
    reason,
    version,
    // A state of a newer server is none that this one knows.
    state: states[state] ?? "connecting",
    ...(lastContact && { lastContact: timestampDate(lastContact) }),
    ...(latency && { latencyMs: durationMs(latency) }),
    ...(polledEvery && { polledMs: durationMs(polledEvery) }),
    ...(blobs !== undefined && { blobs: int64FromWire(blobs, "blobs") }),
    ...(bytes !== undefined && { bytes: int64FromWire(bytes, "bytes") }),
  };
}
