import { constants } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { access, mkdir, open, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Algorithm, Digest } from "../../../content/digest.ts";
import { algorithmOf, algorithms, hexOf } from "../../../content/digest.ts";
import { parseDigest } from "../../../content/parse-digest.ts";
import { StartError } from "../../start-error.ts";
import { codeOf } from "./system-error.ts";

/** Where things are in a data directory: `blobs/ALGORITHM/HEX` as in an OCI image layout, `ingest/ID/`. */
export interface Layout {
  /** Holds a folder for each ingest. */
  readonly ingest: string;
  /** Holds the blobs of an algorithm. */
  blobsOf(algorithm: Algorithm): string;
  /** The file of a blob. @throws `invalid-argument` for what is no digest */
  blob(digest: Digest): string;
}

/** Owner and group may look; others may not. */
export const directoryMode = 0o750;

/**
 * Make the directories of a store where they are not there.
 *
 * @throws StartError where they cannot be made or written to, and where they are not on one file system
 */
export async function openLayout(root: string): Promise<Layout> {
  const layout: Layout = {
    ingest: join(root, "ingest"),
    blobsOf: (algorithm) => join(root, "blobs", algorithm),
    blob(digest) {
      const parsed = parseDigest(digest);
      return join(root, "blobs", algorithmOf(parsed), hexOf(parsed));
    },
  };
  const directories = [layout.ingest, ...algorithms.map(layout.blobsOf)];
  const devices = new Set<number>();
  try {
    for (const directory of directories) {
      await mkdir(directory, { recursive: true, mode: directoryMode });
      await access(directory, constants.R_OK | constants.W_OK | constants.X_OK);
      devices.add((await stat(directory)).dev);
    }
    for (const directory of [root, join(root, "blobs")]) await syncOnce(directory);
  } catch (cause) {
    const reason = codeOf(cause) || String(cause);
    throw new StartError(`cannot keep blobs in ${root}: ${reason}; make it a directory that this user can write to`, {
      cause,
    });
  }
  if (devices.size > 1) {
    throw new StartError(`${root}/ingest and ${root}/blobs are on different file systems; put them on one`);
  }
  return layout;
}

async function syncOnce(directory: string): Promise<void> {
  await using handle: FileHandle = await open(directory, constants.O_RDONLY | constants.O_DIRECTORY);
  await handle.sync();
}
