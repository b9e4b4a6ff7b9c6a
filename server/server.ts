import { join } from "node:path";
import type { Logger } from "pino";
import packageJson from "../package.json" with { type: "json" };
import type { TcpAddress } from "./listen/bind.ts";
import type { Exposure } from "./listen/site.ts";
import { lockData } from "./lock.ts";
import { nameOf } from "./plugins/order.ts";
import type { Plugin, PluginReport, Registry } from "./plugins/plugin.ts";
import type { RegistryOptions } from "./plugins/registry.ts";
import { disposePlugins, openPlugins } from "./plugins/registry.ts";
import { StartError } from "./start-error.ts";
import { isStoreTemplate } from "./store-set/plugin.ts";

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
  /** TCP addresses; none: no TCP. What others reach needs `exposure`. */
  readonly listen?: readonly TcpAddress[];
  /** Paths of unix sockets; absent: `stowage.sock` in the data directory. */
  readonly sockets?: readonly string[];
  /** Absent: none. */
  readonly backends?: readonly Backend[];
  /** Origins whose pages may call and download, beside the server's own, as browsers send them; absent: none. */
  readonly allowOrigins?: readonly string[];
  /** Who else than this machine is to reach the TCP addresses, backends' not counted; absent: nobody. */
  readonly exposure?: Exposure;
  /**
   * True: where no sign-in is configured, TCP is for whoever has the token that is made at the start and signs in once, or one that the
   * command line made. Absent: TCP is for everybody then.
   */
  readonly oneTime?: boolean;
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
  /** Where it answers: `http(s)://HOST:PORT` of each address, `unix:PATH` of each socket, and last where proxies show it. */
  readonly urls: readonly string[];
  /** Follows such a URL in a browser, to sign in once: `/#token=…`; absent: nobody signs in, or not that way. A secret. */
  readonly fragment?: string;
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
  const { root, logger } = options;
  const plugins = options.plugins.filter((plugin) => !isStoreTemplate(plugin));
  await using opening = new AsyncDisposableStack();
  const lock = opening.use(await lockData(root));
  const stopping = new AbortController();
  const { signIn, ...said } = authConfig(options);
  const registry = await openPlugins(plugins, {
    root,
    ...listenerConfig({ ...options, ...said, exposure: { ...options.exposure, hasAuth: signIn } }),
    signIn,
    backends: (options.backends ?? []).map(({ namespace }) => namespace),
    logger,
    version,
    stopping: stopping.signal,
  });
  let deadline = AbortSignal.abort();
  opening.defer(() => disposePlugins(registry, deadline));
  const { publicUrl } = options.exposure ?? {};
  const urls = [...requireEssential(registry), ...(publicUrl === undefined ? [] : [publicUrl])];
  for (const report of registry.reports) logReport(report, options);
  await lock.announce(urls);
  const open = opening.move();
  let closing: Promise<void> | undefined;
  const stop = (graceMs: number): Promise<void> => {
    deadline = AbortSignal.timeout(graceMs);
    stopping.abort();
    return open.disposeAsync();
  };
  const fragment = registry.all("auth").find(({ keeper }) => keeper?.fragment !== undefined)?.keeper?.fragment;
  return {
    urls,
    ...(fragment !== undefined && { fragment }),
    plugins: registry.reports,
    close: (graceMs = defaultGraceMs) => (closing ??= stop(graceMs)),
  };
}

/** The config of the listeners, beside that of others. The one for backends is off where there are none. */
function listenerConfig(options: ServerOptions): Pick<RegistryOptions, "config" | "off"> {
  const { root, listen = [], sockets = [join(root, "stowage.sock")], dashboard, backends = [] } = options;
  const { allowOrigins = [], exposure = {} } = options;
  const http = { listen, sockets, allowOrigins, exposure, ...(dashboard !== undefined && { dashboard }) };
  const unused = backends.length === 0 && options.plugins.some((plugin) => nameOf(plugin) === backendName);
  return {
    config: { ...options.config, [listenerName]: http, ...(backends.length > 0 && { [backendName]: { backends } }) },
    off: { ...options.off, ...(unused && { [backendName]: "no address is for one" }) },
  };
}

/** What makes a token at the start that signs in once. */
const tokensName = "auth/tokens";

/** What signs people in. */
const accessName = "service/access";

/** The config of auth methods: those are off that nothing is said of. */
function authConfig({ plugins, config = {}, off = {}, oneTime = false, exposure }: ServerOptions) {
  const names = plugins.filter(({ type }) => type === "auth").map(nameOf);
  const isOn = (name: string): boolean => config[name] !== undefined && off[name] === undefined;
  const isOneTime = oneTime && !names.some(isOn) && names.includes(tokensName) && off[tokensName] === undefined;
  const shown = exposure?.publicUrl !== undefined && plugins.some((plugin) => nameOf(plugin) === accessName);
  const all: Readonly<Record<string, unknown>> = {
    ...config,
    ...(isOneTime && { [tokensName]: { one_time: true } }),
    ...(shown && { [accessName]: { publicUrl: exposure?.publicUrl } }),
  };
  const unsaid = names.filter((name) => all[name] === undefined);
  return {
    config: all,
    off: { ...off, ...Object.fromEntries(unsaid.map((name) => [name, "the config does not turn it on"])) },
    signIn: isOneTime || names.some(isOn),
  };
}

/** Without these a server is none, or lets everybody in. */
const essential: readonly PluginReport["type"][] = ["metadata", "auth", "listener"];

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
