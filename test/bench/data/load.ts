import { join } from "node:path";
import { z } from "zod";
import { run } from "../../support/run.ts";
import { BenchError } from "../bench-error.ts";

/** What one round of the load found out; higher is better. */
export type Round = readonly { readonly name: string; readonly unit: string; readonly value: number }[];

/** Go keeps here what it compiled. */
const cache = join(import.meta.dirname, "..", "..", "..", "node_modules", ".cache", "go");

/** Where Debian keeps the sources of its Go packages. */
const sources = "/usr/share/gocode";

const line = z.object({ name: z.string(), unit: z.string(), value: z.number() });

/** Build the client. @returns its path @throws BenchError with the command that installs what is missing */
export async function buildLoad(): Promise<string> {
  const program = join(cache, "bench-load");
  const { status, stderr } = await run("go", ["build", "-o", program, "."], {
    cwd: join(import.meta.dirname, "load"),
    env: { GO111MODULE: "off", GOPATH: sources, GOFLAGS: "", GOCACHE: cache, CGO_ENABLED: "0" },
    timeoutMs: 180_000,
  });
  if (status === 0) return program;
  const install = "apt-get install golang-go golang-github-containerd-containerd-dev";
  throw new BenchError(`the load does not build (${install}):\n${stderr}`);
}

/** One round against the server on a socket. */
export async function runLoad(program: string, socket: string): Promise<Round> {
  const { status, stdout, stderr } = await run(program, [], { env: { ADDRESS: socket }, timeoutMs: 120_000 });
  if (status !== 0) throw new BenchError(`the load failed:\n${stderr}`);
  return stdout
    .trim()
    .split("\n")
    .map((text) => line.parse(JSON.parse(text)));
}
