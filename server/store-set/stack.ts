import { z } from "zod";
import type { Metadata } from "../metadata/metadata.ts";
import type { Namespaces } from "../metadata/set.ts";
import type { Mirror } from "../mirror/mirror.ts";
import { nameOf } from "../plugins/order.ts";
import type { Plugin, PluginContext, PluginType, Registry } from "../plugins/plugin.ts";
import { definePlugin } from "../plugins/plugin.ts";
import { disposePlugins } from "../plugins/registry.ts";
import { StartError } from "../start-error.ts";
import { openStoreFolder } from "./store-folder.ts";
import type { ServedStore } from "./store-set.ts";
import { whenReady } from "./when-ready.ts";

/** A store beside the default one, as the config names it. */
export interface StoreSpec {
  /** What calls name it by. */
  readonly name: string;
  /** A `store`, a `mirror` or a `relay`. */
  readonly plugin: Plugin;
  /** Its keys, as its schema takes them. */
  readonly config: unknown;
}

/** A store with what works over it. */
export interface Stack extends AsyncDisposable {
  readonly store: ServedStore;
}

/** What works over one store, and is opened anew for each. */
const typesOverStore: readonly PluginType[] = ["metadata", "events", "collector", "service"];

/**
 * Open a store beside the default one, and what of the server works over it.
 *
 * @throws StartError where it, or its metadata, does not open, and where its folder is another kind of store's
 */
export async function openStack(spec: StoreSpec, context: PluginContext<unknown>): Promise<Stack> {
  const { name, plugin, config } = spec;
  const root = await openStoreFolder(context.root, name, plugin);
  const logger = context.logger.child({ store: name });
  const plugins = [{ ...plugin, id: name }, ...partsOver(plugin.type, context.plugins)];
  const registry = await context.open(plugins, { root, logger }, { [`${plugin.type}/${name}`]: config });
  await using opening = new AsyncDisposableStack();
  opening.defer(() => close(registry));
  const failed = registry.reports.find(({ state, type }) => state !== "open" && isEssential(type));
  if (failed !== undefined && failed.state !== "open") {
    throw failed.error ?? new StartError(`store ${name} did not open: ${failed.reason}`);
  }
  for (const report of registry.reports) {
    if (report.state !== "failed") continue;
    logger.error({ plugin: nameOf(report), reason: report.reason, err: report.error.cause }, "plugin failed");
  }
  const store = storeOf(spec, registry);
  const open = opening.move();
  return { store, [Symbol.asyncDispose]: () => open.disposeAsync() };
}

/** The metadata of a mirror is the mirror's own. */
const mirrorMetadataPlugin = definePlugin({
  type: "metadata",
  id: "mirror",
  requires: [{ type: "mirror" }],
  config: z.strictObject({}),
  open: async (context) => context.get("mirror"),
});

/** What works over a store of a type: nothing over a relay; a mirror is metadata itself. */
function partsOver(type: PluginType, plugins: readonly Plugin[]): readonly Plugin[] {
  const over = plugins.filter((plugin) => typesOverStore.includes(plugin.type) && isOverStore(plugin, plugins));
  switch (type) {
    case "store":
      return over;
    case "mirror":
      return [mirrorMetadataPlugin, ...over.filter((part) => part.type !== "metadata")];
    default:
      return [];
  }
}

/** True where a plugin works over a store, itself or through what it requires. */
function isOverStore(plugin: Plugin, plugins: readonly Plugin[]): boolean {
  return plugin.requires.some(
    ({ type }) =>
      type === "store" || type === "metadata" || (type === "events" && plugins.some((other) => other.type === type)),
  );
}

function isEssential(type: PluginType): boolean {
  return type === "store" || type === "mirror" || type === "relay" || type === "metadata";
}

function storeOf({ name, plugin }: StoreSpec, registry: Registry): ServedStore {
  const id = { name, plugin: plugin.id };
  const [relay] = registry.all("relay");
  if (relay !== undefined) return { ...id, ...relay };
  const [metadata] = registry.all("metadata");
  if (metadata === undefined) throw new Error(`store ${name} has no metadata`);
  const services = registry.all("service");
  const [mirror] = registry.all("mirror");
  if (mirror === undefined) return { ...id, ...overMetadata(metadata), ...ownFacts, services };
  return {
    ...id,
    ...overMirror(mirror),
    services: services.map((service) => whenReady(service, (signal) => mirror.ready(signal))),
  };
}

/** What a mirror does, whose rows may not be there yet. What listens to its feed would keep it looking, so that nobody is given that. */
function overMirror(mirror: Mirror): Omit<ServedStore, "name" | "plugin" | "services"> {
  const { feed: _, namespaces, ...over } = overMetadata(mirror);
  return {
    ...over,
    target: mirror.target,
    allowsChanges: mirror.allowsChanges,
    state: () => mirror.state,
    look: () => mirror.look(),
    totals: (names) => mirror.totals(names),
    async namespaces(signal) {
      await mirror.ready(signal);
      return await namespaces(signal);
    },
  };
}

/** What is so of every store of this server's own. */
export const ownFacts: Pick<ServedStore, "target" | "allowsChanges" | "state" | "look"> = {
  target: "",
  allowsChanges: true,
  state: () => ({ state: "live" }),
  look: () => undefined,
};

/** What a store does by its metadata. */
export function overMetadata(
  metadata: Metadata,
): Pick<ServedStore, "contents" | "feed" | "in" | "namespaces" | "totals"> {
  return {
    contents: metadata,
    feed: metadata.feed,
    in: (scope) => metadata.in(scope),
    namespaces: async () => metadata.catalog.namespaces().map(({ name }) => name),
    totals(namespaces: Namespaces) {
      using snapshot = metadata.snapshot();
      return snapshot.totals(namespaces);
    },
  };
}

async function close(registry: Registry): Promise<void> {
  await using stack = new AsyncDisposableStack();
  for (const relay of registry.all("relay")) stack.use(relay);
  stack.defer(() => disposePlugins(registry, AbortSignal.abort()));
}
