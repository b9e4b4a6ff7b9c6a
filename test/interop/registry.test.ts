import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { writeDockerArchive, writePlatforms } from "../support/archives.ts";
import { startContainerd } from "../support/containerd.ts";
import { createCtr } from "../support/ctr.ts";
import { writeArchive } from "../support/oci-archive.ts";
import { startRegistry } from "../support/registry.ts";
import type { Outcome } from "../support/run.ts";
import { launchStowage } from "../support/stowage.ts";
import { comparable } from "./registry/comparable.ts";
import { archiveDigest } from "./registry/comparable-archive.ts";
import type { Step, Subject } from "./registry/steps.ts";
import { filesMark, ownMark, registryMark, scripts } from "./registry/steps.ts";

/** A server, and what is its own: a registry, and a folder for what its `ctr` writes. */
interface Side {
  readonly socket: string;
  readonly registry: string;
  readonly folder: string;
}

let theirs: Side;
let ours: Side;
let files: string;
let subject: Subject;

const platforms = ["linux/amd64", "linux/arm64"];

beforeAll(async () => {
  const stack = new AsyncDisposableStack();
  const root = await mkdtemp(join(tmpdir(), "registry-"));
  stack.defer(() => rm(root, { recursive: true, force: true }));
  const makeSide = async (name: string, { socket }: { readonly socket: string }): Promise<Side> => {
    const { address } = stack.use(await startRegistry());
    const folder = join(root, name);
    await mkdir(folder);
    return { socket, registry: address, folder };
  };
  files = join(root, "files");
  await mkdir(files);
  subject = await writeArchives();
  theirs = await makeSide("theirs", stack.use(await startContainerd(true)));
  ours = await makeSide("ours", stack.use(await launchStowage()));
  return () => stack.disposeAsync();
});

/** The archives that scripts import. */
async function writeArchives(): Promise<Subject> {
  await writeFile(join(files, "broken.tar"), "no archive");
  await writeArchive(join(files, "unnamed.tar"), "", "unnamed\n");
  await writeDockerArchive(join(files, "docker.tar"), "example.com/docker:1");
  await writePlatforms(join(files, "foreign.tar"), "example.com/foreign:1", platforms, true);
  return { many: await writePlatforms(join(files, "many.tar"), "example.com/many:1", platforms) };
}

async function perform(side: Side, namespace: string, { args, writes }: Step): Promise<Outcome & { file?: string }> {
  const own = { [side.registry]: registryMark, [files]: filesMark, [side.folder]: ownMark };
  const filled = (text: string): string =>
    Object.entries(own).reduce((rest, [value, mark]) => rest.replaceAll(mark, value), text);
  const outcome = await createCtr(side.socket)(["-n", namespace, ...args.map(filled)]);
  const printed = comparable(outcome, own);
  if (writes === undefined) return printed;
  const archive = await readFile(filled(writes)).catch(() => undefined);
  return { ...printed, file: archive === undefined ? "none" : archiveDigest(archive) };
}

for (const [index, [title, steps]] of Object.entries(scripts).entries()) {
  test(`ctr prints and ends the same with Stowage as with containerd beside a registry: ${title}`, async () => {
    for (const step of steps(subject)) {
      const [their, our] = await Promise.all([theirs, ours].map((side) => perform(side, `registry-${index}`, step)));
      expect(their?.stderr).not.toContain("failed to dial");
      expect.soft(our, `ctr ${step.args.join(" ")}`).toEqual(their);
    }
  });
}
