import { spawn } from "node:child_process";
import { constants } from "node:os";
import { delimiter } from "node:path";
import { modules, programs, root } from "./paths.mjs";
import { SetupError } from "./setup-error.mjs";

/** Lines of a failed program's output that are shown. */
const shownLines = 40;

/** @type {readonly NodeJS.Signals[]} */
const signals = ["SIGHUP", "SIGINT", "SIGTERM"];

/**
 * @typedef {object} RunOptions
 * @property {boolean} [ownPrograms] programs of the packages come first in PATH; otherwise they are not in it at all
 * @property {NodeJS.ProcessEnv} [env] besides this process's own
 */

/**
 * Run a program in the project's folder, quietly. A signal that ends this process ends the program first, and all it started.
 *
 * @param {string} program
 * @param {readonly string[]} args
 * @param {RunOptions} [options]
 * @throws {SetupError} where it cannot be started or fails, after the last of its output was printed
 */
export async function run(program, args, { ownPrograms = false, env = {} } = {}) {
  const command = [program, ...args].join(" ");
  const child = spawn(program, args, {
    cwd: root,
    detached: true,
    env: { ...process.env, PATH: searchPath(ownPrograms), ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const stopForwarding = forwardSignals(child);
  /** @type {Buffer[]} */
  const output = [];
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => output.push(chunk));
  const end = await new Promise((resolve) => {
    child.once("error", (error) => resolve(`cannot be started: ${error.message}`));
    child.once("close", (code, signal) => resolve(code === 0 ? undefined : `ended with ${signal ?? code}`));
  });
  stopForwarding();
  if (end === undefined) return;
  const lines = Buffer.concat(output).toString().trimEnd().split("\n");
  process.stderr.write(`${lines.slice(-shownLines).join("\n")}\n`);
  throw new SetupError(`${command} ${end}`);
}

/** @param {boolean} ownPrograms */
function searchPath(ownPrograms) {
  const others = (process.env.PATH ?? "").split(delimiter).filter((folder) => !folder.startsWith(modules));
  return [...(ownPrograms ? [programs] : []), ...others].join(delimiter);
}

/**
 * @param {import("node:child_process").ChildProcess} child leads a process group of its own
 * @returns {() => void} stops it
 */
function forwardSignals(child) {
  /** @param {NodeJS.Signals} signal */
  const forward = (signal) => {
    child.once("close", () => process.exit(128 + constants.signals[signal]));
    killGroup(child, signal);
  };
  for (const signal of signals) process.once(signal, forward);
  return () => {
    for (const signal of signals) process.removeListener(signal, forward);
  };
}

/**
 * @param {import("node:child_process").ChildProcess} child
 * @param {NodeJS.Signals} signal
 */
function killGroup({ pid }, signal) {
  try {
    if (pid !== undefined) process.kill(-pid, signal);
  } catch {
    // It has ended by itself.
  }
}
