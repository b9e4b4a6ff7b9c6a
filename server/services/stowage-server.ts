import { hostname } from "node:os";
import { resolve } from "node:path";
import type { MessageInitShape } from "@bufbuild/protobuf";
import { durationFromMs } from "@bufbuild/protobuf/wkt";
import { z } from "zod";
import { int64ToWire, timeToWire } from "../../content/wire.ts";
import type { StoreFactsSchema } from "../../gen/stowage/v1/server_pb.js";
import { ServerService, StoreFacts_State } from "../../gen/stowage/v1/server_pb.js";
import type { Listener } from "../plugins/listener.ts";
import { definePlugin } from "../plugins/plugin.ts";
import type { Service } from "../plugins/service.ts";
import type { Access } from "../policy/access.ts";
import { callKey } from "../policy/call.ts";
import { storeHeader } from "../policy/identify.ts";
import { seesWhole } from "../policy/permissions.ts";
import type { ServedStore, StoreSet, StoreState } from "../store-set/store-set.ts";
import { viaOf } from "../store-set/via.ts";

/** How a listener names a socket. */
const socketScheme = "unix:";

/** What the service is made with. */
export interface StowageServerOptions {
  readonly version: string;
  /** Tells what is open at the time of a call. */
  listeners(): readonly Listener[];
  readonly stores: StoreSet;
}

/** `stowage.v1.ServerService`: what a page needs to know about its server. */
export function createStowageServer({ version, listeners, stores }: StowageServerOptions): Service {
  return {
    ofServer: true,
    register: (router) =>
      router.service(ServerService, {
        getServer: () => ({ version, sockets: socketsOf(listeners()), host: hostname() }),
        listStores(_, { values, requestHeader }) {
          const { access } = values.get(callKey);
          const seen = stores.all.filter(({ name }) => access.stores === "*" || access.stores.includes(name));
          for (const store of lookedAt(seen, stores, requestHeader)) store.look(viaOf(requestHeader));
          return { stores: seen.map((store) => factsOf(store, store === stores.default, access)) };
        },
      }),
  };
}

/**
 * What whoever asks for the stores looks at: all that they see; of another server, which asks for one of its own, the store that that one
 * shows. Servers that all show each other would watch each other all the time.
 */
function lookedAt(seen: readonly ServedStore[], stores: StoreSet, headers: Headers): readonly ServedStore[] {
  if (viaOf(headers).length === 0) return seen;
  const name = headers.get(storeHeader) ?? "";
  return seen.filter((store) => (name === "" ? store === stores.default : store.name === name));
}

/** Absolute paths of the sockets among the listeners' addresses. */
function socketsOf(listeners: readonly Listener[]): string[] {
  return listeners
    .filter(({ backend }) => backend !== true)
    .flatMap((listener) => listener.urls)
    .filter((url) => url.startsWith(socketScheme))
    .map((url) => resolve(url.slice(socketScheme.length)));
}

/** Characters of what a store elsewhere says of itself: it may say anything, and this is told to everybody. */
const most = { version: 100, reason: 500 } as const;

/** In the place of where a store is, for those who may not see everything: it is a path of this machine, or an address behind it. */
const notTold = "not told";

function factsOf(store: ServedStore, isDefault: boolean, access: Access): MessageInitShape<typeof StoreFactsSchema> {
  const { name, plugin, target, allowsChanges } = store;
  const { state, reason = "", lastContactAt, latencyMs, everyMs, version = "" } = store.state();
  const totals = store.totals(access.namespaces);
  return {
    name,
    plugin,
    isDefault,
    allowsChanges,
    reason: reason.slice(0, most.reason),
    version: version.slice(0, most.version),
    target: target === "" || seesWhole(access) ? target : notTold,
    state: states[state],
    ...(lastContactAt && { lastContact: timeToWire(lastContactAt) }),
    ...(latencyMs !== undefined && { latency: durationFromMs(Math.round(latencyMs)) }),
    ...(everyMs !== undefined && { polledEvery: durationFromMs(Math.round(everyMs)) }),
    ...(totals && { blobs: int64ToWire(totals.count, "blobs"), bytes: int64ToWire(totals.bytes, "bytes") }),
  };
}

const states: Readonly<Record<StoreState["state"], StoreFacts_State>> = {
  connecting: StoreFacts_State.CONNECTING,
  live: StoreFacts_State.LIVE,
  unreachable: StoreFacts_State.UNREACHABLE,
};

/** Serves `stowage.v1.ServerService`. */
export const stowageServerPlugin = definePlugin({
  type: "service",
  id: "stowage-server",
  requires: [{ type: "stores" }],
  config: z.strictObject({}),
  async open({ version, listeners, get }) {
    return createStowageServer({ version, listeners, stores: get("stores") });
  },
});
