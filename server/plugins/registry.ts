import type { Logger } from "pino";
import { StartError } from "../start-error.ts";
import { inOrder, nameOf, requirementName, satisfies } from "./order.ts";
import type { Opened, Plugin, PluginContext, PluginType, Requirement } from "./plugin.ts";

/** What became of a plugin. */
export type PluginState =
  | { readonly state: "open" }
  /** A requirement is missing, or off itself. */
  | { readonly state: "off"; readonly reason: string }
  /** It did not open; `error` is what a start says that needs it. */
  | { readonly state: "failed"; readonly reason: string; readonly error: StartError };

/** A plugin of the list, by name, with what became of it. */
export type PluginReport = { readonly type: PluginType; readonly id: string } & PluginState;

/** What all plugins are opened with. */
export interface RegistryOptions {
  /** The data directory. */
  readonly root: string;
  /** The config of each plugin by its name, `type/id`; absent: `{}`. */
  readonly config?: Readonly<Record<string, unknown>>;
  readonly logger: Logger;
  readonly version: string;
  /** Aborted when the server begins to stop. */
  readonly stopping: AbortSignal;
}

/** The plugins of a server. */
export interface Registry {
  /** Every plugin of the list with its state, in the order in which they were opened. */
  readonly reports: readonly PluginReport[];
  /** What the open plugins of a type opened, in the order of opening. */
  all<T extends PluginType>(type: T): readonly Opened[T][];
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
 * One whose requirement is missing is off. One that fails is left out, unless another one requires it: then the start fails
 * with its error. What was opened before that is disposed of.
 *
 * @throws StartError for two of one name, for a cycle, for a config that a plugin refuses, and for a required plugin that fails
 */
export async function openPlugins(plugins: readonly Plugin[], options: RegistryOptions): Promise<Registry> {
  const ordered = inOrder(plugins);
  refuseUnknownConfig(ordered, options.config ?? {});
  const entries: Entry[] = [];
  try {
    for (const plugin of ordered) entries.push(await openOne(plugin, entries, options));
  } catch (error) {
    await disposePlugins({ all: (type) => openedOf(entries, { type }) }, AbortSignal.abort());
    throw error;
  }
  return {
    reports: entries.map(({ plugin: { type, id }, outcome }) => ({ type, id, ...outcome })),
    all: (type) => openedOf(entries, { type }),
  };
}

/**
 * Close listeners, then dispose of metadata, then of stores, last opened first; all of them, also when one throws.
 *
 * @param deadline until which calls may go on
 */
export async function disposePlugins(registry: Pick<Registry, "all">, deadline: AbortSignal): Promise<void> {
  await using below = new AsyncDisposableStack();
  for (const store of registry.all("store")) below.use(store);
  for (const metadata of registry.all("metadata")) below.use(metadata);
  below.defer(async () => {
    const closed = registry.all("listener").map((listener) => listener.close(deadline));
    const failed = (await Promise.allSettled(closed)).find((result) => result.status === "rejected");
    if (failed !== undefined) throw failed.reason;
  });
}

function refuseUnknownConfig(plugins: readonly Plugin[], config: Readonly<Record<string, unknown>>): void {
  const names = new Set(plugins.map(nameOf));
  const unknown = Object.keys(config).find((name) => !names.has(name));
  if (unknown !== undefined) throw new StartError(`there is config for ${unknown}, but no such plugin`);
}

async function openOne(plugin: Plugin, entries: readonly Entry[], options: RegistryOptions): Promise<Entry> {
  const missing = missingRequirement(plugin, entries);
  if (missing !== undefined) return { plugin, outcome: { state: "off", reason: missing } };
  const config = parseConfig(plugin, options.config?.[nameOf(plugin)] ?? {});
  try {
    const opened = await plugin.open(createContext(plugin, config, entries, options));
    return { plugin, outcome: { state: "open" }, opened };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { plugin, outcome: { state: "failed", reason, error: failure(plugin, reason, error) } };
  }
}

/** What a start says that needs the plugin. */
function failure(plugin: Plugin, reason: string, cause: unknown): StartError {
  if (cause instanceof StartError) return cause;
  return new StartError(`${nameOf(plugin)} did not open: ${reason}`, { cause });
}

/** Why the plugin has to stay off; absent when nothing is missing. @throws StartError where a required plugin failed */
function missingRequirement(plugin: Plugin, entries: readonly Entry[]): string | undefined {
  for (const requirement of plugin.requires) {
    const candidates = entries.filter((entry) => satisfies(entry.plugin, requirement));
    if (candidates.some(({ outcome }) => outcome.state === "open")) continue;
    const failed = candidates.map(({ outcome }) => outcome).find((outcome) => outcome.state === "failed");
    if (failed?.state === "failed") throw failed.error;
    const [off] = candidates.map(({ outcome }) => outcome).filter((outcome) => outcome.state === "off");
    const why = off?.state === "off" ? `is off: ${off.reason}` : "is not in the list";
    return `it requires ${requirementName(requirement)}, which ${why}`;
  }
  return undefined;
}

function parseConfig(plugin: Plugin, value: unknown): unknown {
  const parsed = plugin.config.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const path = [nameOf(plugin), ...(issue?.path ?? [])].join(".");
  throw new StartError(`config ${path}: ${issue?.message ?? "not valid"}`);
}

function createContext(
  plugin: Plugin,
  config: unknown,
  entries: readonly Entry[],
  { root, logger, version, stopping }: RegistryOptions,
): PluginContext<unknown> {
  const all = <T extends PluginType>(type: T, id?: string): readonly Opened[T][] => {
    const wanted = id === undefined ? { type } : { type, id };
    if (!plugin.requires.some((requirement) => covers(requirement, wanted))) {
      throw new Error(`${nameOf(plugin)} asks for ${requirementName(wanted)}, which it does not require`);
    }
    return openedOf(entries, wanted);
  };
  return {
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
    listeners: () => openedOf(entries, { type: "listener" }),
    version,
    stopping,
  };
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
