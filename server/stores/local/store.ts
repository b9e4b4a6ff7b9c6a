import { throwIfCancelled } from "../../../content/errors.ts";
import { validateRef } from "../../../content/identifiers.ts";
import type { Store, Writer, WriterOptions } from "../../../content/store.ts";
import { listStatuses, statusOf } from "../ingest.ts";
import type { RefLocks } from "../ref-locks.ts";
import { createRefLocks } from "../ref-locks.ts";
import { noSuchIngest, refuseUpdate, storeClosed } from "../refusals.ts";
import { createWriter } from "../writer.ts";
import { createLocalBacking } from "./backing.ts";
import type { Blobs } from "./blobs.ts";
import { createBlobs } from "./blobs.ts";
import type { Ingests } from "./ingests.ts";
import { openIngests } from "./ingests.ts";
import { openLayout } from "./layout.ts";
import { openIngest } from "./open-writer.ts";
import type { Publisher } from "./publish.ts";
import { openPublisher } from "./publish.ts";
import { createLocalReader } from "./reader.ts";
import { walk } from "./walk.ts";

export interface LocalStoreOptions {
  /** Who may write where; absent: locks of this process. */
  readonly locks?: RefLocks;
}

/**
 * Open the bare store that keeps bytes as files of a directory: blobs in `blobs/`, in the layout of an OCI image layout,
 * and what is not committed in `ingest/`.
 *
 * Opening reads `ingest/` and never the blobs. Nobody else may write there while it is open. Disposing of it closes its
 * writers so that they can be resumed.
 *
 * @param root is made where it is not there
 * @throws StartError where it cannot be written to
 */
export async function openLocalStore(root: string, options: LocalStoreOptions = {}): Promise<Store & AsyncDisposable> {
  const layout = await openLayout(root);
  const blobs = createBlobs(layout);
  const ingests = await openIngests(layout.ingest);
  const publisher = await openPublisher(layout, blobs, ingests);
  const writers = createWriters({ blobs, ingests, publisher, locks: options.locks ?? createRefLocks() });

  return {
    info: (digest) => blobs.info(digest),
    async update() {
      return refuseUpdate();
    },
    walk: (filters, signal) => walk({ layout, blobs }, filters, signal),
    delete: (digest) => blobs.delete(digest),
    async readerAt({ digest }, signal) {
      return createLocalReader(digest, await blobs.open(digest, signal), blobs, signal);
    },
    writer: (writerOptions, signal) => writers.open(writerOptions, signal),
    async status(ref) {
      const ingest = ingests.byRef.get(ref);
      if (ingest === undefined) throw noSuchIngest(ref);
      return statusOf(ingest);
    },
    listStatuses: (filters, signal) => listStatuses(ingests.byRef, filters, signal),
    abort: (ref) => abort(ingests, ref),
    async [Symbol.asyncDispose]() {
      await writers.close();
      await ingests.idle();
      await publisher[Symbol.asyncDispose]();
      await blobs[Symbol.asyncDispose]();
    },
  };
}

/** A commit that is past its point of no return comes first; the lock is free at once otherwise. */
async function abort(ingests: Ingests, ref: string): Promise<void> {
  for (;;) {
    const ingest = ingests.byRef.get(ref);
    if (ingest === undefined) throw noSuchIngest(ref);
    if (ingest.publishing === undefined) {
      ingest.aborted = true;
      const dropped = ingests.drop(ingest);
      ingest.lock?.release();
      // The space is free only when nobody has the file open.
      await ingest.handle?.close().catch(() => undefined);
      await dropped;
      return;
    }
    await ingest.publishing;
  }
}

interface Parts {
  readonly blobs: Blobs;
  readonly ingests: Ingests;
  readonly publisher: Publisher;
  readonly locks: RefLocks;
}

interface Writers {
  /** Store.writer. */
  open(options: WriterOptions, signal?: AbortSignal): Promise<Writer>;
  /** Close those that are open; no more are opened. */
  close(): Promise<void>;
}

function createWriters({ blobs, ingests, publisher, locks }: Parts): Writers {
  const writers = new Set<Writer>();
  const opening = new Set<Promise<Writer>>();
  let closed = false;

  async function open(options: WriterOptions, signal?: AbortSignal): Promise<Writer> {
    const check = (): void => {
      if (closed) throw storeClosed();
      throwIfCancelled(signal);
    };
    validateRef(options.ref);
    const lock = await locks.lock(options.ref, signal, options.waitMs);
    try {
      check();
      const opened = await openIngest(ingests, blobs, options, lock, check);
      const writer = createWriter(createLocalBacking(opened, publisher, () => writers.delete(writer)));
      writers.add(writer);
      return writer;
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  return {
    open(options, signal) {
      const writer = open(options, signal);
      opening.add(writer);
      return writer.finally(() => opening.delete(writer));
    },
    async close() {
      closed = true;
      await Promise.allSettled(opening);
      await Promise.all([...writers].map((writer) => writer.close()));
    },
  };
}
