import { configFault } from "../plugins/config-fault.ts";
import { nameOf } from "../plugins/order.ts";
import type { Plugin, PluginType } from "../plugins/plugin.ts";
import type { ServerOptions } from "../server.ts";
import type { ConfigDocument } from "./document.ts";
import type { FileConfig } from "./schema.ts";
import { sections } from "./schema.ts";

type Configured = Required<Pick<ServerOptions, "plugins" | "config" | "off">>;

/** The store where the file names none. */
const defaultStore = "local";

type Table = Readonly<Record<string, unknown>>;

/**
 * The plugins that a file chooses, with what it says to each. A plugin's own keys are looked at by its schema here, so
 * that a mistake is told with its line before anything opens.
 *
 * @throws UsageError for a plugin that there is not, and for what its schema refuses
 */
export function configurePlugins(all: readonly Plugin[], file: FileConfig, document: ConfigDocument): Configured {
  const store = chooseStore(all, file, document);
  const plugins = [store, ...all.filter(({ type }) => type !== "store")];
  const config: Record<string, unknown> = {};
  const off: Record<string, string> = {};
  for (const type of Object.keys(sections) as (keyof typeof sections)[]) {
    for (const [id, table] of Object.entries<Table>(file[sections[type]] ?? {})) {
      const { enabled, own } = ownKeys(type, table);
      const plugin = type === "store" ? store : findPlugin(plugins, type, id, [sections[type], id], document);
      const fault = configFault(plugin.config, own);
      if (fault !== undefined) throw document.fault([sections[type], id, ...fault.path], fault.text);
      config[nameOf(plugin)] = own;
      if (!enabled) off[nameOf(plugin)] = "the config turns it off";
    }
  }
  return { plugins, config, off };
}

/** The one store, under the name that the file gives it. */
function chooseStore(all: readonly Plugin[], { stores = {} }: FileConfig, document: ConfigDocument): Plugin {
  const [chosen, second] = Object.entries(stores);
  if (second !== undefined) throw document.fault(["stores", second[0]], "more than one store is not served; keep one");
  const [id, { plugin = id }] = chosen ?? [defaultStore, {}];
  const path = chosen?.[1].plugin === undefined ? ["stores", id] : ["stores", id, "plugin"];
  return { ...findPlugin(all, "store", plugin, path, document), id };
}

function findPlugin(
  plugins: readonly Plugin[],
  type: PluginType,
  id: string,
  path: readonly string[],
  document: ConfigDocument,
): Plugin {
  const candidates = plugins.filter((plugin) => plugin.type === type);
  const found = candidates.find((plugin) => plugin.id === id);
  if (found !== undefined) return found;
  const ids = candidates.map((plugin) => plugin.id).sort();
  throw document.fault(path, `there is no ${type} plugin ${JSON.stringify(id)}; there are ${ids.join(", ")}`);
}

/** A table without the keys that are the server's. */
function ownKeys(type: keyof typeof sections, table: Table): { readonly enabled: boolean; readonly own: Table } {
  switch (type) {
    case "store": {
      const { plugin: _plugin, ...own } = table;
      return { enabled: true, own };
    }
    // A server without it is none.
    case "metadata":
      return { enabled: true, own: table };
    default: {
      const { enabled, ...own } = table;
      return { enabled: enabled !== false, own };
    }
  }
}
