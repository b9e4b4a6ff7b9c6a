import { join } from "node:path";
import { root } from "../../scripts/setup/paths.mjs";
import { run } from "./run.ts";

/** Go keeps here what it compiled; a first build takes a minute on a slow machine, the next a second. */
const cache = join(root, "node_modules", ".cache", "go");

/** Where Debian keeps the sources of its Go packages. */
const sources = "/usr/share/gocode";

/**
 * Build a Go program that stands on Debian's packages of containerd.
 *
 * @param folder of its sources
 * @param command what `go` does: `build`, or `test -c` for a program of tests
 * @returns its path
 * @throws what to install, where it does not build
 */
export async function buildGo(folder: string, name: string, command: readonly string[]): Promise<string> {
  const program = join(cache, name);
  const { status, stderr } = await run("go", [...command, "-o", program, "."], {
    cwd: folder,
    env: { GO111MODULE: "off", GOPATH: sources, GOFLAGS: "", GOCACHE: cache, CGO_ENABLED: "0" },
    timeoutMs: 180_000,
  });
  if (status === 0) return program;
  const install = "apt-get install golang-go golang-github-containerd-containerd-dev";
  throw new Error(`${name} does not build (${install}):\n${stderr}`);
}
