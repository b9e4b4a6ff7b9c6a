import type { FileHandle } from "node:fs/promises";
import type { Digest } from "../../../content/digest.ts";
import { algorithmOf } from "../../../content/digest.ts";
import { ContentError } from "../../../content/errors.ts";
import { now } from "../../clock.ts";
import { Hasher } from "../hashing.ts";
import type { RefLock } from "../ref-locks.ts";
import { checkDigest, checkSize, throwIfAborted, wantedOf } from "../refusals.ts";
import type { WriterBacking } from "../writer.ts";
import { hashFile, writeAt } from "./file-io.ts";
import type { LocalIngest } from "./ingests.ts";
import { keepHash } from "./kept-hash.ts";
import type { Publisher } from "./publish.ts";
import { systemError } from "./system-error.ts";

/** What a writer of an ingest has: it is let go of by the backing's `close`. */
export interface OpenIngest {
  readonly ingest: LocalIngest;
  /** Of the ingest's data. */
  readonly handle: FileHandle;
  /** Stands at the ingest's offset. */
  readonly hasher: Hasher;
  readonly lock: RefLock;
}

/** Writes to the data of an ingest. The hash and the offset move only once the bytes are in the file. */
export function createLocalBacking(opened: OpenIngest, publisher: Publisher, onClose: () => void): WriterBacking {
  const { ingest, handle, lock } = opened;
  const { ref } = ingest;
  let hasher = opened.hasher;
  let published = false;

  async function cutTo(size: number): Promise<void> {
    await handle.truncate(size);
    if (size > 0) return;
    ingest.offset = 0;
    hasher = new Hasher(hasher.algorithm);
  }

  async function digestBy(expected: Digest | undefined): Promise<Digest> {
    if (expected === undefined || algorithmOf(expected) === hasher.algorithm) return hasher.digest();
    const other = await hashFile(handle, ingest.offset, algorithmOf(expected), () => throwIfAborted(ingest));
    if (other === undefined) throw new ContentError("internal", `ref ${ref} has lost bytes`);
    return other.digest();
  }

  /** After a failed sync nobody knows which bytes are on disk, so that none is kept. */
  async function sync(): Promise<void> {
    throwIfAborted(ingest);
    try {
      await handle.datasync();
    } catch (error) {
      await cutTo(0);
      throw systemError(error, `sync ref ${ref}`);
    }
  }

  return {
    ingest,
    async append(piece) {
      try {
        const [, next] = await Promise.all([writeAt(handle, piece, ingest.offset), hasher.fork().update(piece)]);
        throwIfAborted(ingest);
        hasher = next;
      } catch (error) {
        // Part of the piece may be in the file.
        if (!ingest.aborted) await cutTo(ingest.offset).catch(() => undefined);
        throw systemError(error, `write ref ${ref}`);
      }
      ingest.offset += piece.length;
      ingest.updatedAt = now();
    },
    async clear() {
      try {
        await cutTo(0);
      } catch (error) {
        throw systemError(error, `truncate ref ${ref}`);
      }
    },
    digest: () => hasher.digest(),
    async publish(options) {
      try {
        const wanted = wantedOf(options, ingest);
        checkSize(wanted, ingest.offset);
        const digest = await digestBy(wanted.expected);
        checkDigest(wanted, digest);
        await publisher.publish(ingest, handle, digest, sync);
        published = true;
        return digest;
      } catch (error) {
        throw systemError(error, `commit ref ${ref}`);
      }
    },
    async close() {
      if (!published && ingest.offset > 0) {
        ingest.kept = await keepHash(handle, hasher, ingest).catch(() => undefined);
      }
      // The bytes are in the file or not; a commit is what makes sure.
      await handle.close().catch(() => undefined);
      ingest.handle = undefined;
      lock.release();
      onClose();
    },
  };
}
