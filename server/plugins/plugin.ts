import type { Logger } from "pino";
import type { z } from "zod";
import type { Store } from "../../content/store.ts";
import type { Auth } from "../access/auth.ts";
import type { ServerAudit } from "../audit/server-audit.ts";
import type { Collector } from "../collection/schedule.ts";
import type { Events } from "../events/events.ts";
import type { Metadata } from "../metadata/metadata.ts";
import type { Metrics } from "../metrics/metrics.ts";
import type { Mirror } from "../mirror/mirror.ts";
import type { StartError } from "../start-error.ts";
import type { Relay } from "../store-set/relayed.ts";
import type { StoreSet } from "../store-set/store-set.ts";
import type { Listener } from "./listener.ts";
import type { Service } from "./service.ts";

/** What a plugin of each type opens. */
export interface Opened {
  /** Holds bytes; no namespaces, no labels. */
  store: Store & AsyncDisposable;
  /** A store made queryable: namespaces, labels, feed. */
  metadata: Metadata;
  /** A store elsewhere that is queryable here. Like `relay` it is opened by the set of stores, for each that the config names. */
  mirror: Mirror;
  /** A store elsewhere to which calls are passed on. */
  relay: Relay;
  /** All stores that calls can name. */
  stores: StoreSet & AsyncDisposable;
  /** Who changed what. */
  audit: ServerAudit;
  /** Where events are told and heard. */
  events: Events;
  /** Removes what nothing leads to. It ends with `stopping`. */
  collector: Collector;
  /** Numbers of the server, for those who watch it. */
  metrics: Metrics;
  /** A way to say who calls. */
  auth: Auth;
  service: Service;
  listener: Listener;
}

export type PluginType = keyof Opened;

/** Names another plugin; without `id` all of that type. */
export interface Requirement {
  readonly type: PluginType;
  readonly id?: string;
  /** True: whoever requires it opens without it too, but not before it; absent: it does not. */
  readonly optional?: true;
}

/** What became of a plugin. */
export type PluginState =
  | { readonly state: "open"; readonly exports: Readonly<Record<string, string>> }
  /**
   * The config turns it off, or what it requires is not open. `error` is why that failed; absent: nothing did, it is
   * only left out.
   */
  | { readonly state: "off"; readonly reason: string; readonly error?: StartError }
  /** Its config is wrong, or it did not open; `error` is what a start says that needs it. */
  | { readonly state: "failed"; readonly reason: string; readonly error: StartError };

/** A plugin of the list, with what became of it. */
export type PluginReport = Pick<Plugin, "type" | "id" | "requires"> & {
  readonly capabilities: readonly string[];
} & PluginState;

/** What a plugin is given when it opens. */
export interface PluginContext<Config> {
  /** The plugin's own; of a store it is the name that the config gives it. */
  readonly id: string;
  /** The data directory: what is kept. It exists. */
  readonly root: string;
  readonly config: Config;
  /** Names the plugin in every line. */
  readonly logger: Logger;
  /** The one open plugin of that type and id, or of that type where the id is left out; only those that it requires. */
  get<T extends PluginType>(type: T, id?: string): Opened[T];
  /** Every open plugin of a type that it requires, in the order of the list. */
  all<T extends PluginType>(type: T): readonly Opened[T][];
  /**
   * Open further plugins, over a directory of their own. They are given what this server was started with, and the config of
   * those that are in its own list too. Whoever asks disposes of them.
   */
  open(
    plugins: readonly Plugin[],
    options: Pick<PluginContext<unknown>, "root" | "logger">,
    config: Readonly<Record<string, unknown>>,
  ): Promise<Registry>;
  /** Every plugin of the list, opened or not. */
  readonly plugins: readonly Plugin[];
  /** Listeners that are open by now. They open after the services, so a service asks when a call needs it. */
  listeners(): readonly Listener[];
  /** Every plugin that was opened or left out by now, in that order; after the start that is all of them. */
  reports(): readonly PluginReport[];
  /**
   * Namespaces of containerds that have this server as their content store: nothing in them is collected or expired.
   */
  readonly backends: readonly string[];
  /** True where callers have to say who they are: the config names an auth method. */
  readonly signIn: boolean;
  /** Version of the server. */
  readonly version: string;
  /** Aborted when the server begins to stop. */
  readonly stopping: AbortSignal;
}

/** A subsystem, registered in one explicit list (server/plugins/builtin.ts), opened after what it requires. */
export interface Plugin<T extends PluginType = PluginType, Config = unknown> {
  readonly type: T;
  /** Unique among its type. */
  readonly id: string;
  readonly requires: readonly Requirement[];
  /** Strict: an unknown key is an error with its path. */
  readonly config: z.ZodType<Config>;
  /** Names of what it can do, for clients that ask (Introspection); absent: none. */
  readonly capabilities?: readonly string[];
  /** Facts about what it opened, for clients that ask; absent: none. */
  exports?(opened: Opened[T]): Readonly<Record<string, string>>;
  open(context: PluginContext<Config>): Promise<Opened[T]>;
}

/** Keeps the types of one plugin together. */
export function definePlugin<T extends PluginType, Config>(plugin: Plugin<T, Config>): Plugin<T, Config> {
  return plugin;
}

/** The plugins of a server. */
export interface Registry {
  /** Every plugin of the list with its state, in the order in which they were opened. */
  readonly reports: readonly PluginReport[];
  /** What the open plugins of a type opened, in the order of opening. */
  all<T extends PluginType>(type: T): readonly Opened[T][];
}
