import { createClient } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-node";
import type { Digest } from "../../../content/digest.ts";
import { createRemoteStore } from "../../../content/remote/store.ts";
import type { Store } from "../../../content/store.ts";
import { ServerService } from "../../../gen/stowage/v1/server_pb.js";
import { nameOf } from "../../../server/plugins/order.ts";
import type { ServerOptions } from "../../../server/server.ts";
import type { StoreSpec } from "../../../server/store-set/stack.ts";
import { grpcTransport } from "../../support/grpc.ts";
import { inMemory, serve } from "../listen/serve.ts";

/** The namespace of all blobs here. */
export const namespace = "n";

/** A server of a store in memory, `local`, and of further ones. */
export async function serveSeveral(others: readonly StoreSpec[], options: Partial<ServerOptions> = {}) {
  const config = { "stores/configured": { own: { name: "local", plugin: "memory" }, others }, ...options.config };
  const served = await serve({ ...options, config });
  const { url, socket } = served;
  const web = createConnectTransport({ baseUrl: url, httpVersion: "1.1" });
  const grpc = grpcTransport(socket);
  return {
    ...served,
    web,
    grpc,
    server: createClient(ServerService, web),
    running: served.server,
    store: (name: string): Store => createRemoteStore(grpc, { namespace, ...(name !== "" && { store: name }) }),
  };
}

/** The plugin of the list that has that name. */
export function pluginNamed(name: string) {
  const found = inMemory.find((plugin) => nameOf(plugin) === name);
  if (found === undefined) throw new Error(`no plugin ${name}`);
  return found;
}

/** A further store in memory. */
export function memoryStore(name: string): StoreSpec {
  return { name, plugin: pluginNamed("store/memory"), config: {} };
}

/** Put a blob into a store. */
export async function put(store: Store, text: string): Promise<Digest> {
  await using writer = await store.writer({ ref: `put-${text}` });
  await writer.write(new TextEncoder().encode(text));
  return await writer.commit();
}

/** Digests of all blobs of a store. */
export async function digestsIn(store: Store): Promise<readonly string[]> {
  return (await Array.fromAsync(store.walk())).map(({ digest }) => digest);
}
