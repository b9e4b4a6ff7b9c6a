import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { isKind } from "../../content/errors.ts";
import type { Stowage } from "../support/stowage.ts";
import { launchStowage } from "../support/stowage.ts";
import type { ImageClient, Part } from "./collection/images.ts";
import { createImageClient, partsOf } from "./collection/images.ts";

const namespace = "large";

/** Images at the beginning. */
const count = 1000;

/** Clients that write meanwhile, and clients that remove. */
const [writers, removers] = [4, 4];

/** Calls at once while the store is filled. */
const fillers = 32;

function numbers(first: number, end: number): readonly number[] {
  return Array.from({ length: end - first }, (_, index) => first + index);
}

/** Do something with each, so many at once. */
async function forEach<T>(values: Iterable<T>, atOnce: number, act: (value: T) => Promise<void>): Promise<void> {
  const iterator = Iterator.from(values);
  const work = async (): Promise<void> => {
    for (let next = iterator.next(); !next.done; next = iterator.next()) await act(next.value);
  };
  await Promise.all(Array.from({ length: atOnce }, work));
}

let stowage: Stowage;

/** A server that has the images. */
beforeAll(async () => {
  stowage = await launchStowage();
  const client = createImageClient(stowage.socket, namespace);
  const images = numbers(0, count).map((number) => ({ number, parts: partsOf(number, count) }));
  const parts = new Map<string, Part>(images.flatMap((image) => image.parts).map((part) => [part.digest, part]));
  await client.lease("fill");
  await forEach(parts.values(), fillers, (part) => client.put([part], "fill"));
  await forEach(images, fillers, (image) => client.name(image.number, image.parts.at(-1)));
  await client.collectAll();
  return () => stowage[Symbol.asyncDispose]();
});

/** What clients were answered. */
interface Answered {
  /** Images that were stored, and images that were removed. */
  readonly pulled: Set<number>;
  readonly gone: Set<number>;
  /** Of each commit, in milliseconds. */
  readonly waits: number[];
}

/**
 * Remove images while others are stored that take up their layers, until all is done or the server is gone.
 *
 * @param first number of the first one that is stored; nobody else uses those from there on
 */
async function work(removed: readonly number[], first: number): Promise<Answered> {
  const answered: Answered = { pulled: new Set(), gone: new Set(), waits: [] };
  const connect = () => createImageClient(stowage.socket, namespace, (ms) => answered.waits.push(ms));
  let running = true;
  async function write(_: unknown, writer: number): Promise<void> {
    const client = connect();
    for (let number = first + writer; running; number += writers) {
      await client.pull(number, partsOf(number, count));
      answered.pulled.add(number);
    }
  }
  async function remove(): Promise<void> {
    const client = connect();
    await forEach(removed, removers, async (number) => {
      await client.remove(number);
      answered.gone.add(number);
    });
    await client.collect();
    running = false;
  }
  await Promise.all([remove(), ...Array.from({ length: writers }, write)].map((part) => part.catch(ignoreCut)));
  return answered;
}

function ignoreCut(error: unknown): void {
  if (!(error instanceof Error) || !("code" in error || isKind(error, "unavailable"))) throw error;
}

/** What the store has, in files and in its list, is what these images are made of, and nothing else. */
async function expectExactly({ store }: ImageClient, images: Iterable<number>): Promise<void> {
  const parts = new Map(
    [...images].flatMap((number) => partsOf(number, count)).map(({ digest, data: bytes }) => [digest, bytes.length]),
  );
  const infos = await Array.fromAsync(store.walk());
  expect(new Map(infos.map(({ digest, size }) => [digest, size]))).toEqual(parts);
  const folder = join(stowage.data, "blobs", "sha256");
  const files = await readdir(folder);
  expect(files.map((file) => `sha256:${file}`).toSorted()).toEqual([...parts.keys()].toSorted());
  let bytes = 0;
  for (const file of files) {
    const content = await readFile(join(folder, file));
    expect(createHash("sha256").update(content).digest("hex")).toBe(file);
    bytes += content.length;
  }
  expect(bytes).toBe(infos.reduce((sum, { size }) => sum + size, 0));
}

test("of a thousand images half go while others are stored: what those share stays, the rest is gone from the disk", async () => {
  const removed = numbers(0, count / 2);
  const { pulled, gone, waits } = await work(removed, count);
  expect(gone).toEqual(new Set(removed));
  expect(pulled.size).toBeGreaterThan(writers);
  const client = createImageClient(stowage.socket, namespace);
  await client.collectAll();
  const images = await client.images();
  expect(new Set(images)).toEqual(new Set([...numbers(removed.length, count), ...pulled]));
  await expectExactly(client, images);
  const [longest = 0, ...next] = waits.toSorted((a, b) => b - a).map((ms) => Math.round(ms));
  process.stdout.write(
    `the longest of ${waits.length} commits beside a collection took ${longest} ms, the median ${next[next.length >> 1]} ms\n`,
  );
});

test("a server that is killed in the middle of that has all that images need, and of the rest nothing after a collection", async () => {
  const client = createImageClient(stowage.socket, namespace);
  const before = new Set(await client.images());
  const removed = numbers(count / 2, count);
  const [, , manifest] = partsOf(count / 2, count);
  const working = work(removed, 10 * count);
  const isThere = async () => (await Array.fromAsync(client.store.walk([`digest==${manifest?.digest}`]))).length > 0;
  await expect.poll(isThere, { interval: 1, timeout: 120_000 }).toBe(false);
  await stowage.kill("SIGKILL");
  const { pulled, gone } = await working;
  await stowage.restart();

  const again = createImageClient(stowage.socket, namespace);
  const images = await again.images();
  const known = new Set(images);
  expect(pulled.difference(known)).toEqual(new Set());
  expect(gone.intersection(known)).toEqual(new Set());
  expect(before.difference(new Set(removed)).difference(known)).toEqual(new Set());
  await again.collectAll();
  await expectExactly(again, images);
});
