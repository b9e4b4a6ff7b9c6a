import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { missing } from "./run.ts";

/** A program that runs until it is told to end. */
export interface Daemon {
  readonly pid: number;
  /** What it wrote so far to its standard output and error, the last 64 KiB of it. */
  output(): string;
  /** Send a signal and wait for its end; one that has ended is no error. */
  kill(signal: NodeJS.Signals): Promise<void>;
}

/** Characters of output that are kept for whoever looks into a failure. */
const keptOutput = 64 * 1024;

/** How long a program may take to be ready, in milliseconds. */
const readyMs = 120_000;

/**
 * Start a program and wait until a line of its output says that it is ready.
 *
 * @param ready finds what that line tells; absent as long as there is none
 * @param env variables beside those of this process
 * @throws with its output when it ends before, or is not ready after two minutes
 */
export async function startDaemon<Ready>(
  command: string,
  args: readonly string[],
  ready: (output: string) => Ready | undefined,
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly daemon: Daemon; readonly ready: Ready }> {
  const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  const told = new Promise<Ready>((resolve, reject) => {
    const take = (data: Buffer): void => {
      output = (output + data.toString()).slice(-keptOutput);
      const found = ready(output);
      if (found !== undefined) resolve(found);
    };
    child.stdout.on("data", take);
    child.stderr.on("data", take);
    child.once("error", (error) => reject(missing(command, error)));
    child.once("close", () => reject(new Error(`${command} ended before it was ready:\n${output}`)));
    AbortSignal.timeout(readyMs).addEventListener("abort", () =>
      reject(new Error(`${command} was not ready after ${readyMs} ms:\n${output}`)),
    );
  });
  const daemon: Daemon = { pid: child.pid ?? 0, output: () => output, kill: (signal) => end(child, signal) };
  try {
    return { daemon, ready: await told };
  } catch (error) {
    await daemon.kill("SIGKILL");
    throw error;
  }
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const closed = new Promise((resolve) => child.once("close", resolve));
  child.kill(signal);
  await closed;
}
