import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeImageArchive } from "../../interop/backend/image.ts";
import { startContainerd } from "../../support/containerd.ts";
import { createCtr } from "../../support/ctr.ts";
import { startRegistry } from "../../support/registry.ts";
import { launchStowage } from "../../support/stowage.ts";
import { BenchError } from "../bench-error.ts";
import { processorMs } from "../processor-time.ts";
import type { Measurement } from "../report.ts";
import { median, tell } from "../report.ts";
import { timed } from "../timed.ts";

const kib = 1024;

/** Bytes of the layers of each image that is pulled. */
const images: Readonly<Record<string, readonly number[]>> = {
  "layers of 64, 8 and 1 MiB": [64 * kib * kib, 8 * kib * kib, kib * kib],
  "24 layers of 64 KiB": Array.from({ length: 24 }, () => 64 * kib),
};

/** How much longer a pull may take where the bytes are kept here. */
const goal = 1.05;

/**
 * `bench pull`: how long a containerd takes to pull and unpack an image from a registry on this machine, once with its own
 * store and once with this server as its only one, in turns.
 *
 * @param runs pulls of each; one more warms up and is not counted
 */
export async function runPull(json: string | undefined, runs: number): Promise<void> {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), "pull-"));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const { address } = stack.use(await startRegistry());
  const theirs = stack.use(await startContainerd(true)).socket;
  const backend = '[[listen]]\nsocket = "backend.sock"\nnamespace = "bench"\n';
  const stowage = stack.use(await launchStowage([], backend));
  const ours = stack.use(await startContainerd(true, join(stowage.data, "backend.sock"))).socket;
  const measurements: Measurement[] = [];
  for (const [index, [name, sizes]] of Object.entries(images).entries()) {
    const image = `${address}/bench/image-${index}:1`;
    await publish(theirs, join(folder, `${index}`), image, sizes);
    measurements.push(...(await compare(name, image, { theirs, ours, server: stowage.pid }, runs)));
  }
  await tell({ command: "pull", measurements }, json);
}

/** Have the registry hold an image, and nobody else. */
async function publish(socket: string, folder: string, image: string, sizes: readonly number[]): Promise<void> {
  await mkdir(folder);
  const layers = sizes.map((size) => randomBytes(size));
  const { file } = await makeImageArchive(folder, image, layers);
  await done(socket, "images", "import", "--no-unpack", file);
  await done(socket, "images", "push", "--plain-http", image);
  await done(socket, "images", "rm", "--sync", image);
}

/** What is compared. */
interface Sides {
  /** Socket of the containerd with its own store. */
  readonly theirs: string;
  /** Socket of the one with this server. */
  readonly ours: string;
  /** This server's process. */
  readonly server: number;
}

async function compare(
  name: string,
  image: string,
  { theirs, ours, server }: Sides,
  runs: number,
): Promise<readonly Measurement[]> {
  const [own, kept, computed]: [number[], number[], number[]] = [[], [], []];
  for (let run = 0; run <= runs; run++) {
    own.push(await pull(theirs, image));
    const before = await processorMs(server);
    kept.push(await pull(ours, image));
    computed.push((await processorMs(server)) - before);
  }
  const [alone, beside] = [own.slice(1), kept.slice(1)];
  const note = `${Math.round(median(beside))} against ${Math.round(median(alone))} ms`;
  return [
    {
      name: `${name}: ratio of medians`,
      unit: "x its own",
      values: [median(beside) / median(alone)],
      atMost: goal,
      note,
    },
    { name: `${name}: with its own store`, unit: "ms", values: alone },
    { name: `${name}: with this server`, unit: "ms", values: beside },
    { name: `${name}: its processor time, with the removal`, unit: "ms", values: computed.slice(1) },
  ];
}

/** Pull and unpack an image that is not there, and remove it again. @returns milliseconds of the pull */
async function pull(socket: string, image: string): Promise<number> {
  const took = await timed(() => done(socket, "images", "pull", "--plain-http", "--snapshotter", "native", image));
  await done(socket, "images", "rm", "--sync", image);
  return took;
}

async function done(socket: string, ...args: readonly string[]): Promise<void> {
  const { status, stderr } = await createCtr(socket)(args);
  if (status !== 0) throw new BenchError(`ctr ${args.join(" ")} failed:\n${stderr}`);
}
