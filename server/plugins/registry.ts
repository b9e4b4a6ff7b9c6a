import type { Logger } from "pino";
import { StartError } from "../start-error.ts";
import { configFault } from "./config-fault.ts";
import { inOrder, nameOf, requirementName, satisfies } from "./order.ts";
import type {
  Opened,
  Plugin,
  PluginContext,
  PluginReport,
  PluginState,
  PluginType,
  Registry,
  Requirement,
} from "./plugin.ts";

/** What all plugins are opened with. */
export interface RegistryOptions {
  /** The data directory. */
  readonly root: string;
  /** The config of each plugin by its name, `type/id`; absent: `{}`. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** Plugins that are not to be opened, by name, and why; absent: none. */
  readonly off?: Readonly<Record<string, string>>;
  /** See PluginContext.backends; absent: none. */
  readonly backends?: readonly string[];
  /** See PluginContext.signIn; absent: they do not. */
  readonly signIn?: boolean;
  readonly logger: Logger;
  readonly version: string;
  /** Aborted when the server begins to stop. */
  readonly stopping: AbortSignal;
}

interface Entry {
  readonly plugin: Plugin;
  readonly outcome: PluginState;
  /** What it opened; absent where it is not open. */
  readonly opened?: Opened[PluginType];
}

/**
 * Open plugins, each after what it requires.
 *
 * One that fails, or whose config it refuses, is left out, and so is what requires it. Which of them a server cannot do
 * without is the server's to say.
 *
 * @throws StartError for two of one name, for a cycle, and for config of a plugin that is not in the list
 */
export async function openPlugins(plugins: readonly Plugin[], options: RegistryOptions): Promise<Registry> {
  const ordered = inOrder(plugins);
  refuseUnknown(ordered, Object.keys({ ...options.config, ...options.off }));
  const entries: Entry[] = [];
  for (const plugin of ordered) entries.push(await openOne(plugin, entries, { ...options, plugins }));
  return { reports: entries.map(reportOf), all: (type) => openedOf(entries, { type }) };
}

/** The options, with the whole list. */
interface Opening extends RegistryOptions {
  readonly plugins: readonly Plugin[];
}

/**
 * Close listeners, then dispose of services and further stores, then of metadata, then of stores, last opened first, then of the audit, which hears of
 * them until then, and of auth methods; all of them, also when one throws.
 *
 * @param deadline until which calls may go on
 */
export async function disposePlugins(registry: Pick<Registry, "all">, deadline: AbortSignal): Promise<void> {
  await using below = new AsyncDisposableStack();
  for (const auth of registry.all("auth")) below.use(auth);
  for (const audit of registry.all("audit")) below.use(audit);
  for (const store of registry.all("store")) below.use(store);
  for (const metadata of registry.all("metadata")) below.use(metadata);
  for (const stores of registry.all("stores")) below.use(stores);
  for (const service of registry.all("service")) below.defer(async () => await service[Symbol.asyncDispose]?.());
  below.defer(async () => {
    const closed = registry.all("listener").map((listener) => listener.close(deadline));
    const failed = (await Promise.allSettled(closed)).find((result) => result.status === "rejected");
    if (failed !== undefined) throw failed.reason;
  });
}

function refuseUnknown(plugins: readonly Plugin[], configured: readonly string[]): void {
  const names = new Set(plugins.map(nameOf));
  const unknown = configured.find((name) => !names.has(name));
  if (unknown !== undefined) throw new StartError(`there is config for ${unknown}, but no such plugin`);
}

async function openOne(plugin: Plugin, entries: readonly Entry[], options: Opening): Promise<Entry> {
  const name = nameOf(plugin);
  const off = options.off?.[name];
  if (off !== undefined) return { plugin, outcome: { state: "off", reason: off } };
  const missing = missingRequirement(plugin, entries);
  if (missing !== undefined) return { plugin, outcome: missing };
  try {
    const config = parseConfig(plugin, options.config?.[name] ?? {});
    const opened = await plugin.open(createContext(plugin, config, entries, options));
    return { plugin, outcome: { state: "open", exports: plugin.exports?.(opened) ?? {} }, opened };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const error = cause instanceof StartError ? cause : new StartError(`${name} did not open: ${reason}`, { cause });
    return { plugin, outcome: { state: "failed", reason, error } };
  }
}

/** Why the plugin has to stay off; absent when nothing is missing. */
function missingRequirement(
  plugin: Plugin,
  entries: readonly Entry[],
): Extract<PluginState, { state: "off" }> | undefined {
  for (const requirement of plugin.requires.filter(({ optional }) => optional !== true)) {
    const candidates = entries.filter((entry) => satisfies(entry.plugin, requirement)).map(({ outcome }) => outcome);
    if (candidates.some(({ state }) => state === "open")) continue;
    const closed = candidates.filter((outcome) => outcome.state !== "open");
    const cause = closed.find(({ error }) => error !== undefined) ?? closed[0];
    const reason = `it requires ${requirementName(requirement)}, which ${whyNot(cause)}`;
    return { state: "off", reason, ...(cause?.error && { error: cause.error }) };
  }
  return undefined;
}

function whyNot(outcome: Exclude<PluginState, { state: "open" }> | undefined): string {
  if (outcome === undefined) return "is not in the list";
  return outcome.state === "off" ? `is off: ${outcome.reason}` : `failed: ${outcome.reason}`;
}

function parseConfig(plugin: Plugin, value: unknown): unknown {
  const fault = configFault(plugin.config, value);
  if (fault === undefined) return plugin.config.parse(value);
  throw new StartError(`config ${[nameOf(plugin), ...fault.path].join(".")}: ${fault.text}`);
}

function reportOf({ plugin: { type, id, requires, capabilities = [] }, outcome }: Entry): PluginReport {
  return { type, id, requires, capabilities, ...outcome };
}

function createContext(
  plugin: Plugin,
  config: unknown,
  entries: readonly Entry[],
  options: Opening,
): PluginContext<unknown> {
  const { root, backends = [], signIn = false, logger, version, stopping, plugins } = options;
  const all = <T extends PluginType>(type: T, id?: string): readonly Opened[T][] => {
    const wanted = id === undefined ? { type } : { type, id };
    if (!plugin.requires.some((requirement) => covers(requirement, wanted))) {
      throw new Error(`${nameOf(plugin)} asks for ${requirementName(wanted)}, which it does not require`);
    }
    return openedOf(entries, wanted);
  };
  return {
    id: plugin.id,
    root,
    config,
    logger: logger.child({ plugin: nameOf(plugin) }),
    get(type, id) {
      const [only, ...others] = all(type, id);
      if (only === undefined || others.length > 0) {
        throw new StartError(`${nameOf(plugin)} needs one ${type} and there are ${others.length + (only ? 1 : 0)}`);
      }
      return only;
    },
    all: (type) => all(type),
    open(more, own, config) {
      const known = knownOf(more, options);
      return openPlugins(more, { ...known, ...own, config: { ...known.config, ...config } });
    },
    plugins,
    listeners: () => openedOf(entries, { type: "listener" }),
    reports: () => entries.map(reportOf),
    backends,
    signIn,
    version,
    stopping,
  };
}

/** What of the options is about some plugins. No containerd has those as its store. */
function knownOf(plugins: readonly Plugin[], { config = {}, off = {}, ...options }: RegistryOptions) {
  const names = new Set(plugins.map(nameOf));
  const known = <T>(table: Readonly<Record<string, T>>): Readonly<Record<string, T>> =>
    Object.fromEntries(Object.entries(table).filter(([name]) => names.has(name)));
  return { ...options, config: known(config), off: known(off), backends: [] };
}

/** True where all that is wanted is required. */
function covers(requirement: Requirement, wanted: Requirement): boolean {
  return requirement.type === wanted.type && (requirement.id === undefined || requirement.id === wanted.id);
}

function openedOf<T extends PluginType>(
  entries: readonly Entry[],
  requirement: Requirement & { readonly type: T },
): readonly Opened[T][] {
  return entries
    .filter((entry) => entry.opened !== undefined && satisfies(entry.plugin, requirement))
    .map((entry) => entry.opened as Opened[T]);
}
