import { join } from "node:path";
import type { Logger } from "pino";
import packageJson from "../package.json" with { type: "json" };
import type { TcpAddress } from "./listen/bind.ts";
import { lockData } from "./lock.ts";
import { nameOf } from "./plugins/order.ts";
import type { Plugin } from "./plugins/plugin.ts";
import type { PluginReport, Registry } from "./plugins/registry.ts";
import { disposePlugins, openPlugins } from "./plugins/registry.ts";
import { StartError } from "./start-error.ts";

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
  /** Folder of the built pages; absent: none are served. */
  readonly dashboard?: string;
  /** Config of further plugins by name, `type/id`. */
  readonly config?: Readonly<Record<string, unknown>>;
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

/** The plugin that the addresses are for. */
const listenerName = "listener/http";

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
  const config = { ...options.config, [listenerName]: listenerConfig(options) };
  const registry = await openPlugins(plugins, { root, config, logger, version, stopping: stopping.signal });
  let deadline = AbortSignal.abort();
  opening.defer(() => disposePlugins(registry, deadline));
  const urls = requireListener(registry);
  for (const report of registry.reports) logReport(report, logger);
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

function listenerConfig({ root, listen, sockets, dashboard }: ServerOptions): unknown {
  return {
    listen: listen ?? [],
    sockets: sockets ?? [join(root, "stowage.sock")],
    ...(dashboard !== undefined && { dashboard }),
  };
}

/** @returns where the server answers @throws why it does not */
function requireListener(registry: Registry): readonly string[] {
  const urls = registry.all("listener").flatMap((listener) => listener.urls);
  if (urls.length > 0) return urls;
  const [listener] = registry.reports.filter(({ type }) => type === "listener");
  if (listener?.state === "failed") throw listener.error;
  const reason = listener?.state === "off" ? `${listenerName} is off: ${listener.reason}` : "no plugin listens";
  throw new StartError(`the server would answer nowhere: ${reason}`);
}

function logReport(report: PluginReport, logger: Logger): void {
  if (report.state !== "open") logger.warn({ plugin: nameOf(report), reason: report.reason }, `plugin ${report.state}`);
}
