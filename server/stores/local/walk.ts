import type { Dir } from "node:fs";
import { opendir } from "node:fs/promises";
import type { Digest } from "../../../content/digest.ts";
import { algorithms, isDigest } from "../../../content/digest.ts";
import { isKind, throwIfCancelled } from "../../../content/errors.ts";
import { blobAdaptor, compileFilters } from "../../../content/filters.ts";
import type { Info } from "../../../content/store.ts";

import type { Blobs } from "./blobs.ts";
import type { Layout } from "./layout.ts";
import { systemError } from "./system-error.ts";

export interface WalkOptions {
  readonly layout: Layout;
  readonly blobs: Pick<Blobs, "info">;
  /** Names that are sorted at once; twice as many are held. */
  readonly heldNames?: number;
}

/** 20 passes over a directory of a million blobs, and some 10 MB. */
const defaultHeldNames = 50_000;

/** Entries that the system is asked for at once. */
const entriesAtOnce = 1024;

/** Files that are looked at at once. */
const infosAtOnce = 16;

/**
 * Store.walk: a directory tells its names in no order, so it is passed over once for each 50,000 of them, and the
 * smallest names behind the last are taken each time. What is no file with the name of a digest is left out.
 */
export async function* walk(
  { layout, blobs, heldNames = defaultHeldNames }: WalkOptions,
  filters?: readonly string[],
  signal?: AbortSignal,
): AsyncGenerator<Info, void, undefined> {
  const matches = compileFilters(filters);
  for (const algorithm of algorithms.toSorted()) {
    const directory = layout.blobsOf(algorithm);
    for (let after = ""; ; ) {
      const digests = await smallest(directory, `${algorithm}:`, after, heldNames, signal);
      for (let at = 0; at < digests.length; at += infosAtOnce) {
        throwIfCancelled(signal);
        const infos = await Promise.all(digests.slice(at, at + infosAtOnce).map((digest) => infoOf(blobs, digest)));
        for (const info of infos) if (info !== undefined && matches(blobAdaptor(info))) yield info;
      }
      if (digests.length < heldNames) break;
      after = digests.at(-1) ?? "";
    }
  }
}

/** The first digests of a directory behind one, in order. */
async function smallest(
  directory: string,
  prefix: string,
  after: string,
  count: number,
  signal: AbortSignal | undefined,
): Promise<Digest[]> {
  let digests: Digest[] = [];
  let limit: string | undefined;
  const keepSmallest = (): void => {
    digests = digests.sort().slice(0, count);
    if (digests.length === count) limit = digests.at(-1);
  };
  for await (const { name } of await openDirectory(directory)) {
    throwIfCancelled(signal);
    const text = prefix + name;
    if (text <= after || (limit !== undefined && text > limit) || !isDigest(text)) continue;
    digests.push(text);
    if (digests.length >= 2 * count) keepSmallest();
  }
  keepSmallest();
  return digests;
}

async function openDirectory(directory: string): Promise<Dir> {
  try {
    return await opendir(directory, { bufferSize: entriesAtOnce });
  } catch (error) {
    throw systemError(error, "list content");
  }
}

/** @returns absent for one that was deleted meanwhile, and for what is no file */
async function infoOf(blobs: Pick<Blobs, "info">, digest: Digest): Promise<Info | undefined> {
  try {
    return await blobs.info(digest);
  } catch (error) {
    if (isKind(error, "not-found") || isKind(error, "data-loss")) return undefined;
    throw error;
  }
}
