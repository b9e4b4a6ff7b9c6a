import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Daemon } from "../../support/daemon.ts";
import { startDaemon } from "../../support/daemon.ts";

/** The server as a process of its own, on a data directory that stays. */
export interface MeasuredServer extends AsyncDisposable {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  /** Path of its socket. */
  readonly socket: string;
  /** From the start of the process to its ready line, in milliseconds. */
  readonly startMs: number;
  /** Memory that is its own and no file's, in MiB. */
  rssAnonMiB(): Promise<number>;
}

const main = join(import.meta.dirname, "..", "..", "..", "server", "main.ts");

/** Start a server; disposing of it ends it. @throws with its output where it does not start */
export async function startServer(data: string): Promise<MeasuredServer> {
  const begun = performance.now();
  const args = [main, "--listen", "127.0.0.1:0", "--data", data];
  const { daemon, ready } = await startDaemon(process.execPath, args, readyUrls);
  const startMs = performance.now() - begun;
  return {
    ...ready,
    startMs,
    rssAnonMiB: () => rssAnonMiB(daemon),
    [Symbol.asyncDispose]: () => daemon.kill("SIGTERM"),
  };
}

function readyUrls(output: string): { url: string; socket: string } | undefined {
  const [, url, socket] = /^stowage ready (http:\S+) unix:(\S+)$/m.exec(output) ?? [];
  return url !== undefined && socket !== undefined ? { url, socket } : undefined;
}

async function rssAnonMiB({ pid }: Daemon): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(/^RssAnon:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
}
