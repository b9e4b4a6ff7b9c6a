import { constants } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { open, rename } from "node:fs/promises";
import type { Algorithm, Digest } from "../../../content/digest.ts";
import { algorithmOf, algorithms } from "../../../content/digest.ts";
import { ContentError } from "../../../content/errors.ts";
import { createSharedRuns } from "../../shared-runs.ts";
import { blobExists, throwIfAborted } from "../refusals.ts";
import type { Blobs } from "./blobs.ts";
import { dataFile, ingestMode } from "./ingest-folder.ts";
import type { Ingests, LocalIngest } from "./ingests.ts";
import type { Layout } from "./layout.ts";
import { putStamp } from "./stamp.ts";

/** Mode of a blob. */
const blobMode = 0o444;

/** Turns ingests into blobs. */
export interface Publisher extends AsyncDisposable {
  /**
   * Give a durable ingest its name among the blobs, and drop it. One blob at a time for each digest.
   *
   * @param sync makes the bytes durable; it is called only where the blob is not there, or wrong
   * @throws `already-exists`, with the ingest dropped; what `sync` throws, and errors of the system, with the ingest kept; `aborted`
   */
  publish(ingest: LocalIngest, handle: FileHandle, digest: Digest, sync: () => Promise<void>): Promise<void>;
}

export async function openPublisher(layout: Layout, blobs: Blobs, ingests: Ingests): Promise<Publisher> {
  const turns = new Map<Digest, Promise<void>>();
  const directories = await openDirectories(layout);

  /** Both ends of the rename, and the ingest's end, are one instant to everybody else. */
  async function move(ingest: LocalIngest, handle: FileHandle, digest: Digest): Promise<void> {
    const [from, to] = [dataFile(ingest.folder), layout.blob(digest)];
    let moved = false;
    blobs.unpublished.add(digest);
    try {
      const stat = await handle.stat({ bigint: true });
      // The digest is of what was written; a file that somebody else cut or grew is not that.
      if (Number(stat.size) !== ingest.offset) throw new ContentError("internal", `ref ${ingest.ref} has other bytes`);
      await handle.chmod(blobMode);
      await putStamp(handle, digest, stat, new Date());
      await rename(from, to);
      moved = true;
      await directories.sync(algorithmOf(digest));
      blobs.verdicts.remember(digest, await handle.stat({ bigint: true }), true);
      void ingests.drop(ingest);
    } catch (error) {
      if (moved) await rename(to, from);
      await handle.chmod(ingestMode);
      throw error;
    } finally {
      blobs.unpublished.delete(digest);
    }
  }

  async function publishNow(
    ingest: LocalIngest,
    handle: FileHandle,
    digest: Digest,
    sync: () => Promise<void>,
  ): Promise<void> {
    if (await blobs.isGood(digest)) {
      throwIfAborted(ingest);
      void ingests.drop(ingest);
      throw blobExists(digest);
    }
    await sync();
    throwIfAborted(ingest);
    const moving = move(ingest, handle, digest);
    ingest.publishing = moving.catch(() => undefined);
    await moving.finally(() => {
      ingest.publishing = undefined;
    });
  }

  return {
    async publish(ingest, handle, digest, sync) {
      const before = turns.get(digest) ?? Promise.resolve();
      const published = before.then(() => publishNow(ingest, handle, digest, sync));
      const turn = published.catch(() => undefined);
      turns.set(digest, turn);
      await published.finally(() => {
        if (turns.get(digest) === turn) turns.delete(digest);
      });
    },
    [Symbol.asyncDispose]: () => directories[Symbol.asyncDispose](),
  };
}

interface Directories extends AsyncDisposable {
  sync(algorithm: Algorithm): Promise<void>;
}

/** The directories of the blobs, kept open for their syncs. */
async function openDirectories(layout: Layout): Promise<Directories> {
  const handles: FileHandle[] = [];
  const syncs = new Map<Algorithm, () => Promise<void>>();
  for (const algorithm of algorithms) {
    const handle = await open(layout.blobsOf(algorithm), constants.O_RDONLY | constants.O_DIRECTORY);
    handles.push(handle);
    syncs.set(
      algorithm,
      createSharedRuns(() => handle.sync()),
    );
  }
  return {
    async sync(algorithm) {
      await syncs.get(algorithm)?.();
    },
    async [Symbol.asyncDispose]() {
      for (const handle of handles) await handle.close();
    },
  };
}
