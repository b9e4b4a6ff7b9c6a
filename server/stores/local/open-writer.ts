import type { FileHandle } from "node:fs/promises";
import { ContentError } from "../../../content/errors.ts";
import { parseDigest } from "../../../content/parse-digest.ts";
import type { WriterOptions } from "../../../content/store.ts";
import { algorithmFor } from "../hashing.ts";
import { declare } from "../ingest.ts";
import type { RefLock } from "../ref-locks.ts";
import { blobExists, ingestAborted, throwIfAborted } from "../refusals.ts";
import type { OpenIngest } from "./backing.ts";
import type { Blobs } from "./blobs.ts";
import { hashFile } from "./file-io.ts";
import { openData, putDeclared } from "./ingest-folder.ts";
import type { Ingests, LocalIngest } from "./ingests.ts";
import { takeKeptHash } from "./kept-hash.ts";
import { systemError } from "./system-error.ts";

/**
 * Make the ingest of a ref, or take it up at the offset that is on disk. What is there is hashed again, in pieces, unless
 * this process left it so.
 *
 * @param lock of the ref; it stays the caller's where this throws
 * @param check throws to end it early
 * @throws `already-exists`, with the ingest dropped; `aborted` when the ingest is dropped meanwhile
 */
export async function openIngest(
  ingests: Ingests,
  blobs: Blobs,
  options: WriterOptions,
  lock: RefLock,
  check: () => void,
): Promise<OpenIngest> {
  const { ref, descriptor = {} } = options;
  try {
    if (descriptor.digest !== undefined && (await blobs.isGood(parseDigest(descriptor.digest)))) {
      const ingest = ingests.byRef.get(ref);
      if (ingest !== undefined) await ingests.drop(ingest);
      throw blobExists(descriptor.digest);
    }
    await ingests.cleared(ref);
    check();
    const before = ingests.byRef.get(ref);
    if (before !== undefined) return await resume(before, options, lock, check);
    const { ingest, handle } = await ingests.create(ref, descriptor);
    return await hold(ingest, handle, options, lock, check);
  } catch (error) {
    throw systemError(error, `open ref ${ref}`);
  }
}

async function resume(
  ingest: LocalIngest,
  options: WriterOptions,
  lock: RefLock,
  check: () => void,
): Promise<OpenIngest> {
  const { total, expected } = ingest;
  declare(ingest, options.descriptor ?? {});
  ingest.lock = lock;
  try {
    if (ingest.total !== total || ingest.expected !== expected) await putDeclared(ingest.folder, ingest);
    return await hold(ingest, await openData(ingest.folder), options, lock, check);
  } catch (error) {
    throw ingest.aborted ? ingestAborted(ingest.ref, error) : error;
  }
}

/** Hash what is there, as far as that is needed. The handle is closed where this throws. */
async function hold(
  ingest: LocalIngest,
  handle: FileHandle,
  options: WriterOptions,
  lock: RefLock,
  check: () => void,
): Promise<OpenIngest> {
  const checkBoth = (): void => {
    check();
    throwIfAborted(ingest);
  };
  try {
    ingest.lock = lock;
    ingest.handle = handle;
    const algorithm = algorithmFor(options, ingest.expected);
    const stat = await handle.stat({ bigint: true });
    const size = Number(stat.size);
    const kept = takeKeptHash(ingest.kept, stat, algorithm);
    ingest.kept = undefined;
    ingest.offset = size;
    const hasher = kept ?? (await hashFile(handle, size, algorithm, checkBoth));
    checkBoth();
    if (hasher === undefined) throw new ContentError("internal", `ref ${ingest.ref} has lost bytes`);
    return { ingest, handle, hasher, lock };
  } catch (error) {
    ingest.handle = undefined;
    await handle.close();
    throw error;
  }
}
