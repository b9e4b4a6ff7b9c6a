import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { startContainerd } from "../support/containerd.ts";
import { createCtr } from "../support/ctr.ts";
import type { ArchivedImage } from "../support/oci-archive.ts";
import { writeArchive } from "../support/oci-archive.ts";
import type { Outcome } from "../support/run.ts";
import { launchStowage } from "../support/stowage.ts";
import { normalise } from "./parity/normalise.ts";

/** An index that `ctr` makes of an archive's, and other digests that are new each time. */
const image = "example.com/tiny:1";

let containerd: string;
let stowage: string;
let archive: string;
let other: string;
let tiny: ArchivedImage;

beforeAll(async () => {
  const stack = new AsyncDisposableStack();
  const files = await mkdtemp(join(tmpdir(), "images-"));
  stack.defer(() => rm(files, { recursive: true, force: true }));
  archive = join(files, "tiny.tar");
  other = join(files, "other.tar");
  tiny = await writeArchive(archive, image, "tiny\n");
  await writeArchive(other, "example.com/other:1", "other\n");
  containerd = stack.use(await startContainerd(true)).socket;
  stowage = stack.use(await launchStowage()).socket;
  return () => stack.disposeAsync();
});

/** One call of `ctr`, or a question that is asked until its answer is the expected one. */
type Step = readonly string[] | { readonly args: readonly string[]; readonly until: string };

/** containerd collects soon after a lease is gone; both have collected after this. */
const collected: readonly Step[] = [
  ["leases", "create", "--id", "none"],
  ["leases", "rm", "--sync", "none"],
];

async function perform(socket: string, namespace: string, step: Step): Promise<Outcome> {
  const args = "until" in step ? step.args : step;
  const call = () => createCtr(socket)(["-n", namespace, ...args]);
  if ("until" in step) await expect.poll(async () => (await call()).stdout).toBe(step.until);
  return withoutIds(normalise(await call()));
}

/** An id that the server made up, and a time: both are new each time. */
function withoutIds(outcome: Outcome): Outcome {
  const stdout = outcome.stdout
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "TIME")
    .replaceAll(/unpacking.*\n/g, "")
    .replaceAll(/elapsed: .*\n/g, "");
  // containerd says of a bad filter twice that it is an invalid argument.
  const stderr = outcome.stderr.replace(": invalid argument: invalid argument", ": invalid argument");
  return { ...outcome, stdout, stderr };
}

/** Steps that build on each other, each in a namespace of its own. */
const scripts: Readonly<Record<string, () => readonly Step[]>> = {
  "leases are created, listed, filtered, refused and deleted": () => [
    ["leases", "ls"],
    ["leases", "create", "--id", "b", "-x", "0", "team=red"],
    ["leases", "create", "--id", "b"],
    ["leases", "create", "--id", "a", "-x", "1h"],
    ["leases", "ls", "-q"],
    ["leases", "ls", "id==b"],
    ["leases", "ls", "-q", "labels.team==red"],
    ["leases", "ls", "a=b"],
    ["leases", "rm", "nothing"],
    ["leases", "rm", "b", "a"],
    ["leases", "rm", "--sync", "b"],
    ["leases", "ls", "-q"],
  ],
  "an image is imported, listed, tagged, labelled, exported and removed": () => [
    ["images", "ls"],
    ["images", "import", "--no-unpack", archive],
    ["images", "import", "--no-unpack", archive],
    ["images", "ls", "-q"],
    ["images", "ls"],
    ["images", "ls", "-q", `name==${image}`],
    ["images", "ls", "-q", "name==other"],
    ["images", "ls", "name="],
    ["images", "tag", image, "example.com/again:1"],
    ["images", "tag", image, "example.com/again:1"],
    ["images", "tag", "--force", image, "example.com/again:1"],
    ["images", "tag", "nothing", "example.com/more:1"],
    ["images", "label", image, "team=red", "tier=gold"],
    ["images", "ls"],
    ["images", "label", image, "team="],
    ["images", "ls", "-q", "labels.tier==gold"],
    ["images", "ls", "-q", "labels.team"],
    ["images", "label", "--replace-all", image, "only=this"],
    ["images", "ls"],
    ["images", "label", image, `k=${"v".repeat(5000)}`],
    ["images", "label", "nothing", "a=b"],
    ["images", "export", "/dev/null", image],
    ["images", "export", "/dev/null", "nothing"],
    ...collected,
    ["content", "ls", "-q"],
    ["content", "label", tiny.manifest],
    ["namespaces", "rm", "parity-images-1"],
    ["images", "rm", "nothing"],
    ["images", "rm", image, "example.com/again:1"],
    ["images", "ls"],
  ],
  "what only an image led to is gone once its sync removal is answered": () => [
    ["images", "import", "--no-unpack", archive],
    ["images", "import", "--no-unpack", other],
    ...collected,
    ["content", "ls", "-q"],
    ["images", "rm", "--sync", "example.com/other:1"],
    ["content", "ls", "-q"],
    ["images", "rm", "--sync", image],
    ["content", "ls", "-q"],
    ["namespaces", "rm", "parity-images-2"],
  ],
  "a root label keeps a blob and what it leads to, without it they go": () => [
    ["images", "import", "--no-unpack", archive],
    ["content", "label", tiny.manifest, "containerd.io/gc.root=yes"],
    ["images", "rm", "--sync", image],
    ["content", "ls", "-q"],
    ["content", "label", tiny.manifest, "containerd.io/gc.root="],
    ...collected,
    ["content", "ls", "-q"],
  ],
  "what was removed without waiting goes soon after": () => [
    ["images", "import", "--no-unpack", archive],
    ["images", "rm", image],
    { args: ["content", "ls", "-q"], until: "" },
  ],
  "references to layers are pruned, and the layers go": () => [
    ["images", "import", "--no-unpack", archive],
    ["content", "label", tiny.layer, "containerd.io/uncompressed=sha256:00"],
    ["content", "prune", "references"],
    ["content", "ls", "-q"],
  ],
};

for (const [index, [title, steps]] of Object.entries(scripts).entries()) {
  test(`ctr prints and ends the same with Stowage as with containerd: ${title}`, async () => {
    for (const step of steps()) {
      const args = "until" in step ? step.args : step;
      const command = `ctr ${args.map((arg) => (arg.length > 100 ? `${arg.slice(0, 20)}…` : arg)).join(" ")}`;
      const theirs = await perform(containerd, `parity-images-${index}`, step);
      const ours = await perform(stowage, `parity-images-${index}`, step);
      expect(theirs.stderr).not.toContain("failed to dial");
      expect.soft(ours, command).toEqual(theirs);
    }
  });
}
