import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { startContainerd } from "../../support/containerd.ts";
import { buildGo } from "../../support/go.ts";
import { run } from "../../support/run.ts";
import { launchStowage } from "../../support/stowage.ts";

/** The cases of containerd's content test suite in Debian's package for servers that share blobs; a test of its own for each. */
const sharedCases = [
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

/** A server that the suite runs against. */
interface Served {
  /** What it makes of blobs that another namespace holds. */
  readonly policy: "shared" | "isolated";
  readonly cases: readonly string[];
  /** @returns the path of its socket */
  readonly start: (stack: AsyncDisposableStack) => Promise<string>;
}

/** What the suite is about, and how to have one. */
const servers: Readonly<Record<string, Served>> = {
  "over our socket": {
    policy: "shared",
    cases: sharedCases,
    start: async (stack) => stack.use(await launchStowage()).socket,
  },
  "over our socket where namespaces are isolated": {
    policy: "isolated",
    cases: ["TestNamespaces/CrossNamespaceIsolate"],
    start: async (stack) => {
      const isolated = '[metadata.sqlite]\ncontent_sharing_policy = "isolated"\n';
      return stack.use(await launchStowage([], isolated)).socket;
    },
  },
  "over a containerd that keeps its bytes with us": {
    policy: "shared",
    cases: sharedCases,
    start: async (stack) => {
      const backend = 'listen = [{ socket = "backend.sock", namespace = "suite" }]';
      const stowage = stack.use(await launchStowage([], backend));
      return stack.use(await startContainerd(false, join(stowage.data, "backend.sock"))).socket;
    },
  },
};

describe.each(Object.entries(servers))("containerd's own suite passes %s", (_, { policy, cases, start }) => {
  /** What each case ended as. */
  let results: ReadonlyMap<string, string>;
  let output: string;

  beforeAll(async () => {
    const program = await buildGo(import.meta.dirname, "containerd-suite", ["test", "-c", "-vet=off"]);
    await using stack = new AsyncDisposableStack();
    // All but what namespaces see of each other is the same under each policy.
    const only = policy === "isolated" ? ["-test.run=TestNamespaces"] : [];
    const { stdout, stderr } = await run(program, ["-test.v", "-test.timeout=100s", ...only], {
      env: { ADDRESS: await start(stack), POLICY: policy },
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
