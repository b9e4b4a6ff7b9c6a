import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import type { CopyProgress } from "../../content/copy-graph.ts";
import { copyGraph } from "../../content/copy-graph.ts";
import type { Image } from "../../content/image.ts";
import { refKey } from "../../content/references.ts";
import { createImage, getImage, listImages } from "../../content/remote/images.ts";
import { createLease, deleteLease } from "../../content/remote/leases.ts";
import { createRemoteStore } from "../../content/remote/store.ts";
import type { Store } from "../../content/store.ts";
import { MiB } from "../suite/support.ts";
import { startContainerd } from "../support/containerd.ts";
import { createCtr } from "../support/ctr.ts";
import { grpcTransport } from "../support/grpc.ts";
import { installPackage, linkPackages, readmeFiles } from "../support/package.ts";
import { run } from "../support/run.ts";
import { launchStowage } from "../support/stowage.ts";
import type { AttestedArchive } from "./copy/attested.ts";
import { writeAttested } from "./copy/attested.ts";
import { normaliseText } from "./parity/normalise.ts";

const name = "example.com/attested:1";
const platforms = ["linux/amd64", "linux/arm64", "linux/s390x"];

let containerd: string;
let other: string;
let stowage: string;
let url: string;
let files: string;
let archive: string;
let written: AttestedArchive;

beforeAll(async () => {
  const stack = new AsyncDisposableStack();
  files = await mkdtemp(join(tmpdir(), "copy-graph-"));
  stack.defer(() => rm(files, { recursive: true, force: true }));
  archive = join(files, "attested.tar");
  written = await writeAttested(archive, name, platforms, 12 * MiB);
  containerd = stack.use(await startContainerd(true)).socket;
  other = stack.use(await startContainerd(true)).socket;
  ({ socket: stowage, url } = stack.use(await launchStowage()));
  return () => stack.disposeAsync();
});

/** A namespace of a server. */
interface Side {
  readonly socket: string;
  readonly namespace: string;
}

/** What `ctr` prints, which must succeed. @returns its lines in an order of their own */
async function ctr({ socket, namespace }: Side, ...args: readonly string[]): Promise<readonly string[]> {
  const { status, stdout, stderr } = await createCtr(socket)(["-n", namespace, ...args]);
  expect(status, `ctr ${args.join(" ")}: ${stderr}`).toBe(0);
  return normaliseText(stdout).trimEnd().split("\n").toSorted();
}

function imageIn({ socket, namespace }: Side): Promise<Image> {
  return getImage(grpcTransport(socket), { namespace }, name);
}

/**
 * Copy the image and its name under a lease, and collect what nothing leads to.
 *
 * @param isCut the copy is cut in the middle of its largest layer, and gone on with
 */
async function move(from: Side, to: Side, isCut: boolean): Promise<void> {
  const transport = grpcTransport(to.socket);
  const image = await imageIn(from);
  const lease = await createLease(transport, { namespace: to.namespace }, { id: "copy" });
  const source = createRemoteStore(grpcTransport(from.socket), { namespace: from.namespace });
  const target = createRemoteStore(transport, { namespace: to.namespace, lease: lease.id });
  const offset = isCut ? await copyHalf(source, target, image) : 0;
  const offsets: number[] = [];
  for await (const progress of copyGraph(source, target, image.target)) {
    offsets.push(offsetOfLayer(progress) ?? offset);
  }
  expect(Math.min(...offsets)).toBe(offset);
  await createImage(transport, { namespace: to.namespace }, image);
  await deleteLease(transport, { namespace: to.namespace }, lease.id, { sync: true });
}

/** @returns how many bytes of the largest layer are there */
async function copyHalf(source: Store, target: Store, image: Image): Promise<number> {
  for await (const progress of copyGraph(source, target, image.target)) {
    if ((offsetOfLayer(progress) ?? 0) >= 3 * MiB) break;
  }
  const { offset } = await target.status(refKey(written.largeLayer));
  expect(offset).toBeGreaterThanOrEqual(3 * MiB);
  expect(offset).toBeLessThan(written.largeLayer.size);
  return offset;
}

function offsetOfLayer({ active }: CopyProgress): number | undefined {
  return active.find(({ digest }) => digest === written.largeLayer.digest)?.offset;
}

test("an attested image goes from a containerd to Stowage, cut on its way, and from there to others, and all is as it was", async () => {
  const original = { socket: containerd, namespace: "original" };
  const copied = { socket: stowage, namespace: "copied" };
  const far = { socket: other, namespace: "far" };
  const back = { socket: containerd, namespace: "back" };
  await ctr(original, "images", "import", "--no-unpack", "--all-platforms", archive);
  await ctr(original, "leases", "create", "--id", "none");
  await ctr(original, "leases", "rm", "--sync", "none");
  await move(original, copied, true);
  await move(copied, far, true);
  // Of what another namespace has no byte is written.
  await move(copied, back, false);
  const transport = grpcTransport(stowage);
  expect(await listImages(transport, { namespace: "copied" }, [`name==${name}`])).toEqual([await imageIn(copied)]);
  await expect(getImage(transport, { namespace: "copied" }, "other")).rejects.toMatchObject({ kind: "not-found" });
  const blobs = await ctr(original, "content", "ls");
  expect(blobs).toHaveLength(written.blobs.length + 1);
  const images = await ctr(original, "images", "ls");
  for (const side of [copied, far, back]) {
    expect(await ctr(side, "content", "ls")).toEqual(blobs);
    expect(await ctr(side, "images", "ls")).toEqual(images);
    const again = createRemoteStore(grpcTransport(side.socket), { namespace: side.namespace });
    const { copied: anew } = await copyGraph(again, again, (await imageIn(side)).target).finish();
    expect(anew.blobs).toBe(0);
  }
});

test("the README's script for Node copies an image from a containerd's socket to a Stowage's port, and again", async () => {
  const namespace = "readme";
  await ctr({ socket: containerd, namespace }, "images", "import", "--no-unpack", "--all-platforms", archive);
  const project = join(files, "project");
  await mkdir(project);
  await installPackage(project);
  await linkPackages(project, ["@connectrpc/connect-node"]);
  const script = join(project, "copy-image.mjs");
  await writeFile(script, (await readmeFiles()).get("copy-image.mjs") ?? "");
  const { target } = await getImage(grpcTransport(containerd), { namespace }, name);
  const copyIt = () => run(process.execPath, [script, containerd, url, name], { env: { NAMESPACE: namespace } });
  const first = await copyIt();
  expect(first, first.stderr).toMatchObject({ status: 0, stdout: `${target.digest} ${2 * platforms.length}\n` });
  expect(await ctr({ socket: stowage, namespace }, "images", "ls")).toEqual(
    await ctr({ socket: containerd, namespace }, "images", "ls"),
  );
  const again = await copyIt();
  expect(again, again.stderr).toMatchObject({ status: 0, stdout: first.stdout });
});
