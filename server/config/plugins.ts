import { validateIdentifier } from "../../content/identifiers.ts";
import { configFault } from "../plugins/config-fault.ts";
import { nameOf } from "../plugins/order.ts";
import type { Plugin, PluginType } from "../plugins/plugin.ts";
import type { ServerOptions } from "../server.ts";
import { storeSetPlugin } from "../store-set/plugin.ts";
import type { StoreSpec } from "../store-set/stack.ts";
import { ownStorePlugin } from "../store-set/store-folder.ts";
import type { ConfigDocument } from "./document.ts";
import { withPaths } from "./paths.ts";
import type { FileConfig } from "./schema.ts";
import { sections } from "./schema.ts";

type Configured = Required<Pick<ServerOptions, "plugins" | "config" | "off" | "oneTime">>;

/** The store of a server's own where the file names none. */
export const ownStore = "local";

/** Stores that show what somebody else's daemon keeps. */
const daemons: readonly string[] = ["mirror/containerd", "mirror/buildkit"];

/** What can stand under `stores`. */
export const storeTypes: readonly PluginType[] = ["store", "mirror", "relay"];

type Table = Readonly<Record<string, unknown>>;

/** What the plugins of a server are chosen from, and by. */
export interface Choice {
  readonly all: readonly Plugin[];
  readonly file: FileConfig;
  readonly document: ConfigDocument;
  /** Stores beside those of the file. */
  readonly opened: readonly StoreSpec[];
  /** A path of the file. */
  pathOf(path: string): string;
}

/**
 * The plugins that a file chooses, with what it says to each. A plugin's own keys are looked at by its schema here, so
 * that a mistake is told with its line before anything opens.
 *
 * @throws UsageError for a plugin that there is not, and for what its schema refuses
 */
export function configurePlugins(choice: Choice): Configured {
  const { all, file, document, opened } = choice;
  const specs = storesOf(choice);
  const own = specs.find(({ plugin }) => plugin.type === "store") ?? defaultOf(all, document);
  const others = [...specs.filter((spec) => spec !== own), ...opened];
  refuseTwice(own, others, document);
  const plugins = [ownStorePlugin(own.name, own.plugin), ...all.filter(({ type }) => !storeTypes.includes(type))];
  const config: Record<string, unknown> = {
    [`store/${own.name}`]: own.config,
    [nameOf(storeSetPlugin)]: { own: { name: own.name, plugin: own.plugin.id }, others },
  };
  const off: Record<string, string> = {};
  for (const type of Object.keys(sections) as (keyof typeof sections)[]) {
    if (type === "store") continue;
    for (const [id, table] of Object.entries<Table>(file[sections[type]] ?? {})) {
      const { enabled, own: keys } = ownKeys(type, table);
      const path = [sections[type], id];
      const plugin = findPlugin(plugins, [type], id, path, document);
      config[nameOf(plugin)] = checked(plugin, keys, path, choice);
      if (!enabled) off[nameOf(plugin)] = "the config turns it off";
    }
  }
  // Others of this machine may reach loopback too, and not the daemon's socket.
  return { plugins, config, off, oneTime: others.some(({ plugin }) => daemons.includes(nameOf(plugin))) };
}

/** The stores of the file, in its order. */
function storesOf(choice: Choice): readonly StoreSpec[] {
  const { all, file, document } = choice;
  return Object.entries<Table & { readonly plugin?: string }>(file.stores ?? {}).map(
    ([name, { plugin: id, ...keys }]) => {
      const path = ["stores", name];
      refuseNoIdentifier(name, path, document);
      const plugin = findPlugin(all, storeTypes, id ?? name, id === undefined ? path : [...path, "plugin"], document);
      return { name, plugin, config: checked(plugin, keys, path, choice) };
    },
  );
}

/** A store's name is in headers, in addresses of pages, and of a folder. */
function refuseNoIdentifier(name: string, path: readonly string[], document: ConfigDocument): void {
  try {
    validateIdentifier(name);
  } catch (error) {
    throw document.fault(path, error instanceof Error ? error.message : String(error));
  }
}

function defaultOf(all: readonly Plugin[], document: ConfigDocument): StoreSpec {
  return { name: ownStore, plugin: findPlugin(all, ["store"], ownStore, ["stores", ownStore], document), config: {} };
}

function refuseTwice(own: StoreSpec, others: readonly StoreSpec[], document: ConfigDocument): void {
  const seen = new Set([own.name]);
  for (const { name } of others) {
    if (seen.has(name)) {
      const advice = "give this one another, or name its own in [stores] too";
      throw document.fault(["stores", name], `the server's own store has that name; ${advice}`);
    }
    seen.add(name);
  }
}

/** A plugin's own keys, with the paths among them. @throws UsageError for what its schema refuses */
function checked(plugin: Plugin, keys: Table, path: readonly string[], { document, pathOf }: Choice): unknown {
  const fault = configFault(plugin.config, keys);
  if (fault !== undefined) throw document.fault([...path, ...fault.path], fault.text);
  return withPaths(plugin.config, keys, pathOf);
}

function findPlugin(
  plugins: readonly Plugin[],
  types: readonly PluginType[],
  id: string,
  path: readonly string[],
  document: ConfigDocument,
): Plugin {
  const candidates = plugins.filter((plugin) => types.includes(plugin.type));
  const found = candidates.find((plugin) => plugin.id === id);
  if (found !== undefined) return found;
  const ids = candidates.map((plugin) => plugin.id).sort();
  throw document.fault(path, `there is no ${types[0]} plugin ${JSON.stringify(id)}; there are ${ids.join(", ")}`);
}

/** A table without the keys that are the server's. */
function ownKeys(
  type: Exclude<keyof typeof sections, "store">,
  table: Table,
): { readonly enabled: boolean; readonly own: Table } {
  switch (type) {
    // A server without it is none.
    case "metadata":
      return { enabled: true, own: table };
    default: {
      const { enabled, ...own } = table;
      return { enabled: enabled !== false, own };
    }
  }
}
