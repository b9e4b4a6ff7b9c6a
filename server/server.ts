import { join } from "node:path";
import type { Logger } from "pino";
import packageJson from "../package.json" with { type: "json" };
import type { TcpAddress } from "./listen/bind.ts";
import { lockData } from "./lock.ts";
import { nameOf } from "./plugins/order.ts";
import type { Plugin, PluginReport } from "./plugins/plugin.ts";
import type { Registry, RegistryOptions } from "./plugins/registry.ts";
import { disposePlugins, openPlugins } from "./plugins/registry.ts";
import { StartError } from "./start-error.ts";

/** Where a containerd finds its content store. */
export interface Backend {
  /** Every call is about this one, whatever it says; nothing in it is collected or expired by this server. */
  readonly namespace: string;
  /** One of the two is set: a TCP address, loopback only, or the path of a unix socket. */
  readonly address?: TcpAddress;
  readonly socket?: string;
}

/** What a server is started with. */
export interface ServerOptions {
  /** Everything it is made of; builtinPlugins is the usual list. */
  readonly plugins: readonly Plugin[];
  /** The data directory; it is made where it is not there. */
  readonly root: string;
  /** TCP addresses, loopback only; none: no TCP. */
  readonly listen?: readonly TcpAddress[];
  /** Paths of unix sockets; absent: `stowage.sock` in the data directory. */
  readonly sockets?: readonly string[];
  /** Absent: none. */
  readonly backends?: readonly Backend[];
  /** Origins whose pages may call and download, beside the server's own, as browsers send them; absent: none. */
  readonly allowOrigins?: readonly string[];
  /** Folder of the built pages; absent: none are served. */
  readonly dashboard?: string;
  /** Config of further plugins by name, `type/id`. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** Plugins that are not to be opened, by name, and why; absent: none. */
  readonly off?: Readonly<Record<string, string>>;
  readonly logger: Logger;
}

/** A server that answers. */
export interface RunningServer {
  /** Where it answers: `http://HOST:PORT` of each address, then `unix:PATH` of each socket. */
  readonly urls: readonly string[];
  /** Every plugin of the list, with its state. */
  readonly plugins: readonly PluginReport[];
  /**
   * Stop accepting, let calls end, close writers so that they can be resumed. Closing twice waits for the same end.
   *
   * @param graceMs how long calls may go on; absent: 10 s
   */
  close(graceMs?: number): Promise<void>;
}

/** Version of this server. */
export const version: string = packageJson.version;

/** How long calls may go on once the server stops, in milliseconds. */
const defaultGraceMs = 10_000;

/** The plugins that the addresses are for. */
const listenerName = "listener/http";
const backendName = "listener/backend";

/**
 * Start a server.
 *
 * @throws StartError, in one line that says what to do
 */
export async function openServer(options: ServerOptions): Promise<RunningServer> {
  const { root, logger, plugins } = options;
  await using opening = new AsyncDisposableStack();
  const lock = opening.use(await lockData(root));
  const stopping = new AbortController();
  const registry = await openPlugins(plugins, {
    root,
    ...listenerConfig(options),
    backends: (options.backends ?? []).map(({ namespace }) => namespace),
    logger,
    version,
    stopping: stopping.signal,
  });
  let deadline = AbortSignal.abort();
  opening.defer(() => disposePlugins(registry, deadline));
  const urls = requireEssential(registry);
  for (const report of registry.reports) logReport(report, options);
  await lock.announce(urls);
  const open = opening.move();
  let closing: Promise<void> | undefined;
  const stop = (graceMs: number): Promise<void> => {
    deadline = AbortSignal.timeout(graceMs);
    stopping.abort();
    return open.disposeAsync();
  };
  return {
    urls,
    plugins: registry.reports,
    close: (graceMs = defaultGraceMs) => (closing ??= stop(graceMs)),
  };
}

/** The config of the listeners, beside that of others. The one for backends is off where there are none. */
function listenerConfig(options: ServerOptions): Pick<RegistryOptions, "config" | "off"> {
  const { root, listen = [], sockets = [join(root, "stowage.sock")], dashboard, backends = [] } = options;
  const { allowOrigins = [] } = options;
  const http = { listen, sockets, allowOrigins, ...(dashboard !== undefined && { dashboard }) };
  const unused = backends.length === 0 && options.plugins.some((plugin) => nameOf(plugin) === backendName);
  return {
    config: { ...options.config, [listenerName]: http, ...(backends.length > 0 && { [backendName]: { backends } }) },
    off: { ...options.off, ...(unused && { [backendName]: "no address is for one" }) },
  };
}

/** Without these a server is none. */
const essential: readonly PluginReport["type"][] = ["metadata", "listener"];

/** @returns where the server answers @throws StartError where it answers nowhere, or anything essential failed */
function requireEssential(registry: Registry): readonly string[] {
  for (const report of registry.reports) {
    if (report.state !== "open" && report.error !== undefined && essential.includes(report.type)) throw report.error;
  }
  const urls = registry.all("listener").flatMap((listener) => listener.urls);
  if (urls.length > 0) return urls;
  const [listener] = registry.reports.filter(({ type }) => type === "listener");
  const reason = listener?.state === "off" ? `${listenerName} is off: ${listener.reason}` : "no plugin listens";
  throw new StartError(`the server would answer nowhere: ${reason}`);
}

function logReport(report: PluginReport, { logger, off = {} }: ServerOptions): void {
  const plugin = nameOf(report);
  switch (report.state) {
    case "open":
      return;
    case "off":
      return logger[levelOfOff(report.error !== undefined, off[plugin] !== undefined)](
        { plugin, reason: report.reason },
        "plugin off",
      );
    case "failed":
      return logger.error({ plugin, reason: report.reason, err: report.error.cause }, "plugin failed");
  }
}

/** What nobody turned off, and nothing failed for, is only not needed. */
function levelOfOff(hasFailed: boolean, isAsked: boolean): "warn" | "info" | "debug" {
  if (hasFailed) return "warn";
  return isAsked ? "info" : "debug";
}
