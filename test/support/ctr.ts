import { spawn } from "node:child_process";
import { onTestFinished } from "vitest";
import type { Outcome, RunOptions } from "./run.ts";
import { run } from "./run.ts";

/** Runs containerd's command line client against one server. */
export type Ctr = (args: readonly string[], options?: RunOptions) => Promise<Outcome>;

/** How often a push that ended by a fault of `ctr` is tried. */
const pushes = 4;

/**
 * At the end of a push Debian's `ctr` follows a nil pointer or writes to a closed channel now and then, whatever server it talks to: it
 * is run again, which pushes nothing anew. Where `--manifest` names what is pushed, whose size it does not know, this happens nearly
 * always, so no test does that.
 *
 * @param socket path of the server's socket
 */
export function createCtr(socket: string): Ctr {
  return async (args, options) => {
    for (let tries = 1; ; tries += 1) {
      const outcome = await run("ctr", ["--address", socket, ...args], options);
      const isFaulty = args.includes("push") && /^panic: /m.test(outcome.stderr);
      if (!isFaulty || tries === pushes) return outcome;
    }
  };
}

/** A `ctr content ingest` that goes on until its input ends. */
export interface OpenIngest {
  /** Give it more to read. */
  write(data: Uint8Array): void;
  /** End its input. @returns its exit status */
  end(): Promise<number | null>;
  /** Kill it, so that it takes leave of nobody. */
  kill(): Promise<void>;
}

/** Start an ingest that is fed by the test and ends with it. `ctr` sends what it reads once it has a whole MiB. */
export function openIngest(socket: string, namespace: string, ref: string): OpenIngest {
  const args = ["--address", socket, "--namespace", namespace, "content", "ingest", ref];
  const child = spawn("ctr", args, { stdio: ["pipe", "ignore", "ignore"] });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  child.stdin.on("error", () => undefined);
  onTestFinished(() => void child.kill());
  return {
    write: (data) => void child.stdin.write(data),
    end() {
      child.stdin.end();
      return ended;
    },
    async kill() {
      child.kill("SIGKILL");
      await ended;
    },
  };
}
