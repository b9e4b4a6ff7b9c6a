import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { onTestFinished } from "vitest";
import { builtinPlugins } from "../../server/plugins/builtin.ts";
import type { Plugin } from "../../server/plugins/plugin.ts";
import type { RunningServer, ServerOptions } from "../../server/server.ts";
import { openServer } from "../../server/server.ts";
import { keepsCompiled } from "./compiled.ts";
import type { Daemon } from "./daemon.ts";
import { startDaemon } from "./daemon.ts";
import { makeTempDir } from "./temp-dir.ts";

/** The server as a process of its own, on a temporary data directory. */
export interface Stowage extends AsyncDisposable {
  /** Where it answers over TCP, such as `http://127.0.0.1:40123`; another one after a restart. */
  readonly url: string;
  /** Path of its socket; the same after a restart. */
  readonly socket: string;
  /** Its data directory. */
  readonly data: string;
  readonly pid: number;
  /** The end of what it logged. */
  log(): string;
  /** Send a signal and wait for its end. */
  kill(signal: NodeJS.Signals): Promise<void>;
  /** Start it again on the same data, after a kill. */
  restart(): Promise<void>;
}

const repository = join(import.meta.dirname, "..", "..");

const main = join(repository, "server", "main.ts");

/**
 * Start the server for one test; it ends with the test.
 *
 * @param wrap a command that starts another one, in front of the server's
 * @param config what its config file says; absent: it has none
 */
export async function startStowage(wrap: readonly string[] = [], config?: string): Promise<Stowage> {
  const stowage = await launchStowage(wrap, config);
  onTestFinished(() => stowage[Symbol.asyncDispose]());
  return stowage;
}

/** The same for a hook or a script: dispose of it. That kills the server and removes its data. */
export async function launchStowage(wrap: readonly string[] = [], config?: string): Promise<Stowage> {
  const data = await mkdtemp(join(tmpdir(), "stowage-"));
  const socket = join(data, "stowage.sock");
  let current: { readonly daemon: Daemon; readonly ready: string };

  async function start(): Promise<void> {
    const [command = "", ...args] = [...wrap, process.execPath, main, "--listen", "127.0.0.1:0", "--data", data];
    current = await startDaemon(command, args, readyUrl, keepsCompiled);
  }

  async function dispose(): Promise<void> {
    await current?.daemon.kill("SIGKILL");
    await rm(data, { recursive: true, force: true });
  }

  try {
    if (config !== undefined) await writeFile(join(data, "config.toml"), config);
    await start();
  } catch (error) {
    await rm(data, { recursive: true, force: true });
    throw error;
  }
  return {
    socket,
    data,
    get url() {
      return current.ready;
    },
    get pid() {
      return current.daemon.pid;
    },
    log: () => current.daemon.output(),
    kill: (signal) => current.daemon.kill(signal),
    restart: start,
    [Symbol.asyncDispose]: dispose,
  };
}

/** The URL of the ready line. */
function readyUrl(output: string): string | undefined {
  return /^stowage ready (http:\S+)(?: unix:\S+)+(?: https?:\S+)?$/m.exec(output)?.[1];
}

/** A server in this process for one test, on a temporary data directory, over TCP on any port and its socket. */
export interface TestServer {
  readonly server: RunningServer;
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  /** Path of its socket. */
  readonly socket: string;
  readonly data: string;
}

/**
 * @param plugins what it is made of; absent: what a server is made of
 * @param options what else it is started with
 */
export async function openTestServer(
  plugins: readonly Plugin[] = builtinPlugins,
  options: Pick<ServerOptions, "allowOrigins"> = {},
): Promise<TestServer> {
  const data = await makeTempDir();
  const logger = pino({ level: "silent" });
  const server = await openServer({
    ...options,
    plugins,
    root: data,
    listen: [{ host: "127.0.0.1", port: 0 }],
    logger,
  });
  onTestFinished(() => server.close(0));
  const [url = ""] = server.urls;
  return { server, url, socket: join(data, "stowage.sock"), data };
}
