import { spawn } from "node:child_process";
import { open } from "node:fs/promises";

/** How a program ended. */
export interface Outcome {
  /** Exit status; null when a signal ended it. */
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  /** What it reads on its standard input, through a pipe; absent: nothing. */
  readonly input?: string | Uint8Array;
  /** A file that is its standard input instead. */
  readonly inputFile?: string;
  /** Variables beside those of this process. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** After so many milliseconds it is killed; absent: 60 s. */
  readonly timeoutMs?: number;
}

/** Debian's package of a program that tests need. */
const packages: Readonly<Record<string, string>> = {
  caddy: "caddy",
  containerd: "containerd",
  ctr: "containerd",
  curl: "curl",
  "docker-registry": "docker-registry",
  go: "golang-go",
  ip: "iproute2",
  nginx: "nginx-light",
  skopeo: "skopeo",
  strace: "strace",
};

/** Run a program to its end. @throws when it is not installed, with the command that installs it */
export async function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  await using file = options.inputFile === undefined ? undefined : await open(options.inputFile);
  const child = spawn(command, args, {
    env: { ...process.env, ...options.env },
    stdio: [file?.fd ?? "pipe", "pipe", "pipe"],
    timeout: options.timeoutMs ?? 60_000,
    killSignal: "SIGKILL",
    ...(options.cwd !== undefined && { cwd: options.cwd }),
  });
  // A program that reads none of its input is no failure of the test.
  child.stdin?.on("error", () => undefined).end(options.input ?? "");
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout?.on("data", (data: Buffer) => stdout.push(data));
  child.stderr?.on("data", (data: Buffer) => stderr.push(data));
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once("error", (error) => reject(missing(command, error)));
    child.once("close", resolve);
  });
  return { status, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() };
}

/** The error of a program that did not start, with what to do about it. */
export function missing(command: string, error: Error): Error {
  if (!("code" in error) || error.code !== "ENOENT") return error;
  return new Error(`${command} is not installed: apt-get install ${packages[command] ?? command}`, { cause: error });
}
