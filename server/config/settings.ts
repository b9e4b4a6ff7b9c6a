import { dirname, isAbsolute, join, resolve } from "node:path";
import type { TokenPlace } from "../access/run-command.ts";
import type { Flags } from "../config.ts";
import { configFault } from "../plugins/config-fault.ts";
import { loadModule, refuseChangeable } from "../plugins/modules.ts";
import type { Plugin } from "../plugins/plugin.ts";
import type { ServerOptions } from "../server.ts";
import { chooseAddresses } from "./addresses.ts";
import type { ConfigDocument } from "./document.ts";
import { emptyDocument, readDocument } from "./document.ts";
import { chooseExposure } from "./exposure.ts";
import { openAll } from "./opened.ts";
import { configurePlugins } from "./plugins.ts";
import type { FileConfig } from "./schema.ts";
import { fileSchema } from "./schema.ts";
import { UsageError } from "./usage-error.ts";

/** What a server is started with, as flags, environment and config file say. */
export type Settings = Pick<
  ServerOptions,
  "root" | "listen" | "sockets" | "backends" | "allowOrigins" | "exposure" | "plugins" | "config" | "off" | "oneTime"
>;

/** The file that is looked for in the data directory. */
const fileName = "config.toml";

const defaultData = "data";

/**
 * Read the config file, if there is one, and put together what it and the flags say; a flag goes before the file.
 *
 * @param builtin the plugins that there are without modules
 * @throws UsageError for a file that says what it cannot, with the line; StartError for a module that cannot be loaded
 */
export async function readSettings(flags: Flags, builtin: readonly Plugin[]): Promise<Settings> {
  const document = await findDocument(flags);
  const file = parseFile(document);
  const root = rootOf(flags, file, document);
  const modules = await loadModules(document, file.modules ?? []);
  const exposure = chooseExposure(file, document);
  return {
    root,
    ...chooseAddresses({ flags, file, document, root, exposure, pathOf: (path) => pathOf(document, path) }),
    allowOrigins: file.allow_origins ?? [],
    exposure,
    ...withRegistries(
      configurePlugins({
        all: [...builtin, ...modules],
        file,
        document,
        opened: await openAll([...builtin, ...modules], flags, Object.keys(file.stores ?? {})),
        pathOf: (path) => pathOf(document, path),
      }),
      file,
    ),
  };
}

/** Where the tokens of a server are that is started with the same flags. @throws UsageError as readSettings */
export async function readTokenPlace(flags: Pick<Flags, "config" | "data">): Promise<TokenPlace> {
  const document = await findDocument(flags);
  const file = parseFile(document);
  const { hasAuth = false, publicUrl } = chooseExposure(file, document);
  return { root: rootOf(flags, file, document), hasAuth, ...(publicUrl !== undefined && { publicUrl }) };
}

/** The data directory. */
function rootOf({ data, config }: Pick<Flags, "config" | "data">, file: FileConfig, document: ConfigDocument): string {
  if (file.data !== undefined && config === undefined) {
    throw document.fault(
      ["data"],
      "cannot be set in the file that the data directory has; name the file with --config",
    );
  }
  return data ?? (file.data === undefined ? defaultData : pathOf(document, file.data));
}

/** The plugin that asks registries. */
const askingPlugin = "service/catalog";

function withRegistries<Configured extends Pick<Settings, "config">>(
  configured: Configured,
  { registries }: FileConfig,
): Configured {
  if (registries === undefined) return configured;
  const own = configured.config?.[askingPlugin];
  return { ...configured, config: { ...configured.config, [askingPlugin]: { ...(own as object), registries } } };
}

/** The file that is named, which must be there, or the data directory's, which need not. */
async function findDocument({ config, data = defaultData }: Flags): Promise<ConfigDocument> {
  if (config === undefined) return (await readDocument(join(data, fileName))) ?? emptyDocument;
  const document = await readDocument(config);
  if (document === undefined) throw new UsageError(`cannot read ${config}: there is no such file`);
  return document;
}

function parseFile(document: ConfigDocument): FileConfig {
  const fault = configFault(fileSchema, document.content);
  if (fault !== undefined) throw document.fault(fault.path, fault.text);
  return fileSchema.parse(document.content);
}

/** A path of the file, which is meant from its folder on. */
function pathOf({ file }: ConfigDocument, path: string): string {
  return isAbsolute(path) ? path : join(dirname(file), path);
}

async function loadModules(document: ConfigDocument, paths: readonly string[]): Promise<readonly Plugin[]> {
  if (paths.length > 0) await refuseChangeable(document.file);
  const plugins: Plugin[] = [];
  for (const path of paths) plugins.push(...(await loadModule(resolve(pathOf(document, path)))));
  return plugins;
}
