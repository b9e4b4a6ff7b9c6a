import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { startContainerd } from "../../support/containerd.ts";
import { run } from "../../support/run.ts";
import { launchStowage } from "../../support/stowage.ts";

/** The cases of containerd's content test suite in Debian's package; a test of its own for each. */
const cases = [
  "TestContent/Writer",
  "TestContent/UpdateStatus",
  "TestContent/CommitExists",
  "TestContent/Resume",
  "TestContent/ResumeTruncate",
  "TestContent/ResumeDiscard",
  "TestContent/ResumeCopy",
  "TestContent/ResumeCopySeeker",
  "TestContent/ResumeCopyReaderAt",
  "TestContent/SmallBlob",
  "TestContent/Labels",
  "TestContent/CommitErrorState",
  "TestNamespaces/CrossNamespaceAppend",
  "TestNamespaces/CrossNamespaceShare",
];

/** Go keeps here what it compiled; a first build takes a minute on a slow machine, the next a second. */
const cache = join(import.meta.dirname, "..", "..", "..", "node_modules", ".cache", "go");

/** Where Debian keeps the sources of its Go packages. */
const sources = "/usr/share/gocode";

/** Servers that the suite runs against: what it is about, and how to have one. */
const servers: Readonly<Record<string, (stack: AsyncDisposableStack) => Promise<string>>> = {
  "over our socket": async (stack) => stack.use(await launchStowage()).socket,
  "over a containerd that keeps its bytes with us": async (stack) => {
    const backend = 'listen = [{ socket = "backend.sock", namespace = "suite" }]';
    const stowage = stack.use(await launchStowage([], backend));
    return stack.use(await startContainerd(false, join(stowage.data, "backend.sock"))).socket;
  },
};

/** @returns the path of the test program */
async function build(): Promise<string> {
  const program = join(cache, "containerd-suite");
  const { status, stderr } = await run("go", ["test", "-c", "-vet=off", "-o", program, "."], {
    cwd: import.meta.dirname,
    env: { GO111MODULE: "off", GOPATH: sources, GOFLAGS: "", GOCACHE: cache, CGO_ENABLED: "0" },
    timeoutMs: 180_000,
  });
  if (status !== 0) {
    const install = "apt-get install golang-go golang-github-containerd-containerd-dev";
    throw new Error(`the suite does not build (${install}):\n${stderr}`);
  }
  return program;
}

describe.each(Object.entries(servers))("containerd's own suite passes %s", (_, start) => {
  /** What each case ended as. */
  let results: ReadonlyMap<string, string>;
  let output: string;

  beforeAll(async () => {
    const program = await build();
    await using stack = new AsyncDisposableStack();
    const { stdout, stderr } = await run(program, ["-test.v", "-test.timeout=100s"], {
      env: { ADDRESS: await start(stack) },
      timeoutMs: 110_000,
    });
    output = stdout + stderr;
    const lines = output.matchAll(/^ {4}--- (\w+): (\S+) /gm);
    results = new Map(Array.from(lines, ([, result = "", name = ""]) => [name, result]));
  }, 300_000);

  test.each(cases)("%s", (name) => {
    expect(results.get(name), output).toBe("PASS");
  });

  test("every case that the suite has is known here", () => {
    expect([...results.keys()].toSorted()).toEqual(cases.toSorted());
  });
});
