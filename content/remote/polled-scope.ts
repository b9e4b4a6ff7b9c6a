import type { Transport } from "@connectrpc/connect";
import { createClient } from "@connectrpc/connect";
import { Namespaces } from "../../gen/containerd/services/namespaces/v1/namespace_pb.js";
import { isKind } from "../errors.ts";
import type { Store } from "../store.ts";
import { answerOf, headersOf } from "./call.ts";
import type { FollowOptions } from "./follow-options.ts";
import { createRemoteStore } from "./store.ts";

/** A namespace of a server that is polled, and the store that asks in it. */
export interface PolledNamespace {
  /** Empty where the client names none. */
  readonly namespace: string;
  readonly store: Store;
}

/**
 * The namespaces that a selection is about, as they are now. `*` asks the server for all of them, and is the client's own
 * where it has no Namespaces service.
 */
export async function polledNamespaces(
  transport: Transport,
  options: FollowOptions,
  signal: AbortSignal,
): Promise<readonly PolledNamespace[]> {
  const names = options.selection?.namespaces ?? [];
  if (names.length === 0) return [{ namespace: options.namespace ?? "", store: createRemoteStore(transport, options) }];
  const found = names.includes("*") ? await allNames(transport, options, signal) : names;
  if (found === undefined) return polledNamespaces(transport, { ...options, selection: {} }, signal);
  const unique = [...new Set(found)];
  return unique.map((namespace) => ({ namespace, store: createRemoteStore(transport, { ...options, namespace }) }));
}

/** @returns undefined where the server cannot tell */
async function allNames(
  transport: Transport,
  options: FollowOptions,
  signal: AbortSignal,
): Promise<readonly string[] | undefined> {
  const client = createClient(Namespaces, transport);
  try {
    const { namespaces } = await answerOf(client.list({}, { headers: headersOf(options), signal }), signal);
    return namespaces.map(({ name }) => name);
  } catch (error) {
    if (isKind(error, "not-implemented")) return undefined;
    throw error;
  }
}
