import type { Transport } from "@connectrpc/connect";
import type { Store } from "../store.ts";
import type { FollowOptions } from "./follow-options.ts";
import { listNamespaces } from "./namespaces.ts";
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
  const found = names.includes("*") ? await listNamespaces(transport, options, signal) : names;
  if (found === undefined) return polledNamespaces(transport, { ...options, selection: {} }, signal);
  const unique = [...new Set(found)];
  return unique.map((namespace) => ({ namespace, store: createRemoteStore(transport, { ...options, namespace }) }));
}
