import type { Digest } from "../../../content/digest.ts";
import { throwIfCancelled } from "../../../content/errors.ts";
import { blobAdaptor, compileFilters } from "../../../content/filters.ts";
import { validateRef } from "../../../content/identifiers.ts";
import { parseDigest } from "../../../content/parse-digest.ts";
import type { Info, Store, Writer, WriterOptions } from "../../../content/store.ts";
import { now } from "../../clock.ts";
import { algorithmFor, Hasher } from "../hashing.ts";
import { declare, listStatuses, statusOf } from "../ingest.ts";
import type { RefLock, RefLocks } from "../ref-locks.ts";
import { createRefLocks } from "../ref-locks.ts";
import { blobExists, noSuchBlob, noSuchIngest, refuseUpdate, storeClosed } from "../refusals.ts";
import { createWriter } from "../writer.ts";
import type { MemoryBlob, MemoryIngest } from "./backing.ts";
import { createMemoryBacking } from "./backing.ts";
import { createMemoryReader } from "./reader.ts";

export interface MemoryStoreOptions {
  /** Who may write where; absent: locks of this process. */
  readonly locks?: RefLocks;
}

/** A bare store that keeps everything in this process's memory and forgets it with the process. */
export function createMemoryStore({ locks = createRefLocks() }: MemoryStoreOptions = {}): Store & AsyncDisposable {
  const blobs = new Map<Digest, MemoryBlob>();
  const ingests = new Map<string, MemoryIngest>();
  const writers = new Set<Writer>();
  let closed = false;

  function blobOf(digest: Digest): MemoryBlob {
    const blob = blobs.get(parseDigest(digest));
    if (blob === undefined) throw noSuchBlob(digest);
    return blob;
  }

  function drop(ingest: MemoryIngest): void {
    ingests.delete(ingest.ref);
  }

  function openLocked(options: WriterOptions, lock: RefLock): Writer {
    const { ref, descriptor = {} } = options;
    const at = now();
    const ingest: MemoryIngest = ingests.get(ref) ?? {
      ref,
      startedAt: at,
      total: 0,
      expected: undefined,
      offset: 0,
      updatedAt: at,
      aborted: false,
      chunks: [],
      lock,
    };
    if (descriptor.digest !== undefined && blobs.has(parseDigest(descriptor.digest))) {
      drop(ingest);
      throw blobExists(descriptor.digest);
    }
    declare(ingest, descriptor);
    const hasher = new Hasher(algorithmFor(options, ingest.expected));
    for (const chunk of ingest.chunks) hasher.update(chunk);
    ingest.lock = lock;
    ingests.set(ref, ingest);
    const writer = createWriter(
      createMemoryBacking(ingest, hasher, { blobs, drop, closed: () => writers.delete(writer) }),
    );
    writers.add(writer);
    return writer;
  }

  return {
    async info(digest) {
      return infoOf(digest, blobOf(digest));
    },
    async update() {
      return refuseUpdate();
    },
    async *walk(filters, signal) {
      const matches = compileFilters(filters);
      for (const digest of [...blobs.keys()].sort()) {
        throwIfCancelled(signal);
        const blob = blobs.get(digest);
        const info = blob && infoOf(digest, blob);
        if (info !== undefined && matches(blobAdaptor(info))) yield info;
      }
    },
    async delete(digest) {
      blobOf(digest);
      blobs.delete(digest);
    },
    async readerAt({ digest }, signal) {
      throwIfCancelled(signal);
      return createMemoryReader(blobOf(digest).bytes, signal);
    },
    async writer(options, signal) {
      validateRef(options.ref);
      const lock = await locks.lock(options.ref, signal, options.waitMs);
      try {
        if (closed) throw storeClosed();
        return openLocked(options, lock);
      } catch (error) {
        lock.release();
        throw error;
      }
    },
    async status(ref) {
      const ingest = ingests.get(ref);
      if (ingest === undefined) throw noSuchIngest(ref);
      return statusOf(ingest);
    },
    listStatuses: (filters, signal) => listStatuses(ingests, filters, signal),
    async abort(ref) {
      const ingest = ingests.get(ref);
      if (ingest === undefined) throw noSuchIngest(ref);
      ingest.aborted = true;
      drop(ingest);
      ingest.lock.release();
    },
    async [Symbol.asyncDispose]() {
      closed = true;
      await Promise.all([...writers].map((writer) => writer.close()));
    },
  };
}

function infoOf(digest: Digest, { bytes, createdAt }: MemoryBlob): Info {
  return { digest, size: bytes.length, createdAt, updatedAt: createdAt, labels: {} };
}
