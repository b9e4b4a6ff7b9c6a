import type { FileHandle } from "node:fs/promises";
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Descriptor } from "../../../content/store.ts";
import { now } from "../../clock.ts";
import type { Ingest } from "../ingest.ts";
import { declare } from "../ingest.ts";
import type { RefLock } from "../ref-locks.ts";
import { createDroppedFolders, droppedPrefix } from "./dropped-folders.ts";
import { createFolder, folderNameOf, readFolder } from "./ingest-folder.ts";
import type { KeptHash } from "./kept-hash.ts";

/** An ingest of the local store. */
export interface LocalIngest extends Ingest {
  readonly folder: string;
  /** Of the writer that has it now; absent: none. */
  lock?: RefLock;
  /** The file that the writer has open. */
  handle?: FileHandle;
  /** Of the bytes that the last writer left; absent where nobody has written since the start. */
  kept?: KeptHash;
  /** Settled, without an error, when a commit that is past its point of no return is over. */
  publishing?: Promise<void>;
}

/** All ingests: their folders, and an index of them in memory. */
export interface Ingests {
  readonly byRef: ReadonlyMap<string, LocalIngest>;
  /** Make a new one; the caller holds the ref's lock. */
  create(ref: string, declared: Descriptor): Promise<{ readonly ingest: LocalIngest; readonly handle: FileHandle }>;
  /**
   * Take it out of the index at once, and remove its folder; nothing where it is out already.
   *
   * @returns when its bytes are gone from the disk; it does not fail
   */
  drop(ingest: LocalIngest): Promise<void>;
  /** Settled when no dropped ingest of that ref is in the way of a new one. */
  cleared(ref: string): Promise<void>;
  /** Settled when everything that was dropped is gone from the disk. */
  idle(): Promise<void>;
}

/** Folders that are read at once. */
const readsAtOnce = 32;

/** Read the folders of all ingests, and remove those that are incomplete. What is called otherwise is left alone. */
export async function openIngests(directory: string): Promise<Ingests> {
  const index = await restore(directory);
  const moving = new Map<string, Promise<void>>();
  const folders = createDroppedFolders(directory);

  return {
    byRef: index,
    async create(ref, declared) {
      const at = now();
      const folder = join(directory, folderNameOf(ref));
      const ingest: LocalIngest = {
        ref,
        startedAt: at,
        total: 0,
        expected: undefined,
        offset: 0,
        updatedAt: at,
        aborted: false,
        folder,
      };
      declare(ingest, declared);
      try {
        const handle = await createFolder(folder, ingest);
        index.set(ref, ingest);
        return { ingest, handle };
      } catch (error) {
        await folders.drop(folder).removed;
        throw error;
      }
    },
    drop(ingest) {
      // Its folder may be somebody else's by now.
      if (index.get(ingest.ref) !== ingest) return Promise.resolve();
      index.delete(ingest.ref);
      const { moved, removed } = folders.drop(ingest.folder);
      moving.set(ingest.ref, moved);
      void moved.then(() => moving.delete(ingest.ref));
      return removed;
    },
    async cleared(ref) {
      for (let moved = moving.get(ref); moved !== undefined; moved = moving.get(ref)) await moved;
    },
    idle: () => folders.idle(),
  };
}

async function restore(directory: string): Promise<Map<string, LocalIngest>> {
  const index = new Map<string, LocalIngest>();
  const names = await readdir(directory);
  for (let at = 0; at < names.length; at += readsAtOnce) {
    const read = names.slice(at, at + readsAtOnce).map((name) => restoreOne(directory, name));
    for (const ingest of await Promise.all(read)) if (ingest !== undefined) index.set(ingest.ref, ingest);
  }
  return index;
}

async function restoreOne(directory: string, name: string): Promise<LocalIngest | undefined> {
  const folder = join(directory, name);
  const isOurs = /^[0-9a-f]{64}$/.test(name);
  if (!isOurs && !name.startsWith(droppedPrefix)) return undefined;
  try {
    const ingest = isOurs ? await readFolder(folder, name) : undefined;
    if (ingest !== undefined) return { ...ingest, folder };
    await rm(folder, { recursive: true, force: true });
  } catch {
    // A disk that fails for once is no reason to remove bytes: the next start looks again.
  }
  return undefined;
}
