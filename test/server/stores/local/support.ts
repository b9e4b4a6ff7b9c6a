import { chmod, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { Digest } from "../../../../content/digest.ts";
import { algorithmOf, hexOf } from "../../../../content/digest.ts";
import type { Store } from "../../../../content/store.ts";
import { openLocalStore } from "../../../../server/stores/local/store.ts";
import { run } from "../../../support/run.ts";
import { makeTempDir } from "../../../support/temp-dir.ts";

/** A local store and where it is. */
export interface LocalPlace {
  readonly root: string;
  readonly store: Store & AsyncDisposable;
}

/** A store in a directory of the test's own, or in one that is there. */
export async function openPlace(root?: string): Promise<LocalPlace> {
  const place = root ?? (await makeTempDir());
  const store = await openLocalStore(place);
  onTestFinished(() => store[Symbol.asyncDispose]());
  return { root: place, store };
}

/** The file of a blob. */
export function blobFile(root: string, digest: Digest): string {
  return join(root, "blobs", algorithmOf(digest), hexOf(digest));
}

/** Change one byte of a blob behind the store's back; its times may be put back, to the nanosecond. */
export async function flipByte(root: string, digest: Digest, { at = 0, keepTimes = false } = {}): Promise<void> {
  const file = blobFile(root, digest);
  const times = join(root, "times");
  await copyTimes(file, times);
  const data = await readFile(file);
  data[at] = (data[at] ?? 0) ^ 1;
  await chmod(file, 0o644);
  await writeFile(file, data);
  await chmod(file, 0o444);
  if (keepTimes) await copyTimes(times, file);
}

async function copyTimes(from: string, to: string): Promise<void> {
  const { status, stderr } = await run("touch", ["-r", from, to]);
  if (status !== 0) throw new Error(stderr);
}

/** The names in a directory, sorted. */
export async function names(directory: string): Promise<string[]> {
  return (await readdir(directory)).toSorted();
}
