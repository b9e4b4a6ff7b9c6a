import type { Logger } from "pino";
import { toMoment } from "../../content/instant.ts";
import type { Store } from "../../content/store.ts";
import type { Unnumbered } from "../feed/change.ts";
import { createFeed } from "../feed/feed.ts";
import { readPage } from "./blob-pages.ts";
import { blobFromColumns } from "./blobs.ts";
import { createCatalogReads } from "./catalog/reads.ts";
import { createBarrier } from "./collection/barrier.ts";
import { collect } from "./collection/collect.ts";
import { createCollections } from "./collection/collections.ts";
import { createMarker } from "./collection/marker.ts";
import { createMutations } from "./collection/mutations.ts";
import type { Core } from "./core.ts";
import type { Database } from "./database/database.ts";
import { openDatabase } from "./database/database.ts";
import { createImageStore } from "./images.ts";
import { dropExpiredIngests, dropIdleIngests, walkIngests } from "./ingests.ts";
import { createKeyedLock } from "./keyed-lock.ts";
import { createLeaseStore } from "./leases.ts";
import { removeLeft } from "./leaving.ts";
import type { Inventory, Metadata, Snapshot } from "./metadata.ts";
import { createNamespaceStore } from "./namespaces.ts";
import { createOpenWriters } from "./open-writers.ts";
import type { OrphanSearchTiming } from "./orphans.ts";
import { startOrphanSearch } from "./orphans.ts";
import { recoverIngests } from "./recover.ts";
import { createScopedStore } from "./scoped-store.ts";
import type { Sharing } from "./sharing.ts";
import type { ReaderThreads } from "./threads/pool.ts";
import { createReaderThreads } from "./threads/pool.ts";
import { countBeside, scanBeside } from "./threads/scans.ts";
import { createSharedSequence } from "./threads/shared-sequence.ts";
import { readTotals } from "./totals.ts";
import { createTransactions } from "./transactions.ts";

/** How often expired ingests are looked for, in milliseconds. */
const expiryMs = 60_000;

/** What the metadata is opened with. */
export interface MetadataOptions {
  /** The data directory; `metadata.db` is in it. */
  readonly root: string;
  /** Holds the bytes. It stays its opener's, to be disposed of after the metadata. */
  readonly below: Store;
  readonly logger: Logger;
  /** Namespaces in which nothing is collected or expired; absent: none. */
  readonly backends?: readonly string[];
  /** Absent: shared. */
  readonly sharing?: Sharing;
  /** Absent: what a server uses. */
  readonly orphanSearch?: OrphanSearchTiming;
}

/**
 * Open the metadata in SQLite over a bare store.
 *
 * @throws StartError where the database cannot be used
 */
export async function openMetadata(options: MetadataOptions): Promise<Metadata> {
  const { root, below, logger, backends = [], sharing = "shared", orphanSearch } = options;
  const database = await openDatabase(root);
  const feed = createFeed();
  const barrier = createBarrier();
  const mutations = createMutations();
  const sequence = createSharedSequence();
  const observe = (change: Unnumbered): void => {
    barrier.observe(change);
    mutations.observe(change);
  };
  const transactions = createTransactions(database, feed, observe, sequence);
  const core: Core = {
    below,
    logger,
    feed,
    transactions,
    connection: database.main,
    writers: createOpenWriters(),
    transferred: { readBytes: 0, writtenBytes: 0 },
    digests: createKeyedLock(),
    backends: new Set(backends),
    barrier,
    sharing,
  };
  try {
    await recoverIngests(core);
    await removeLeft(core);
  } catch (error) {
    await database[Symbol.asyncDispose]();
    throw error;
  }
  const stopExpiry = startExpiry(core);
  const stopOrphanSearch = startOrphanSearch(core, orphanSearch);
  const threads = createReaderThreads({ path: database.path, sequence: sequence.memory });
  const marker = createMarker(database.path);
  const collections = createCollections((signal) => collect(core, marker, signal));
  return {
    feed,
    namespaces: createNamespaceStore({
      connection: database.main,
      transactions,
      dropIdleIngests: (namespace) => dropIdleIngests(core, namespace),
    }),
    leases: createLeaseStore(core),
    images: createImageStore(core),
    catalog: createCatalogReads(core, threads),
    collect: (signal) => collections.run(signal),
    onMutation: (listener) => mutations.listen(listener),
    in: (scope) => createScopedStore(core, scope),
    snapshot: () => createSnapshot(database, feed.sequence),
    async page(query, caller, signal) {
      const { rows, ...page } = await threads.page(query, caller, signal);
      return { ...page, rows: rows.map(blobFromColumns) };
    },
    scan: (query, form, signal) => scanBeside(threads, query, form, signal),
    count: (selection, signal) => countBeside(threads, selection, signal),
    inventory: (limit) => takeInventory(core, threads, limit),
    transferred: core.transferred,
    ingests: (namespaces) => walkIngests(core, namespaces),
    async [Symbol.asyncDispose]() {
      await collections[Symbol.asyncDispose]();
      await marker[Symbol.asyncDispose]();
      await stopExpiry();
      await stopOrphanSearch();
      await threads[Symbol.asyncDispose]();
      await transactions.idle();
      await database[Symbol.asyncDispose]();
    },
  };
}

/** @param sequence the feed's number in this turn of the event loop: no transaction is under way between two turns */
function createSnapshot(database: Database, sequence: number): Snapshot {
  const view = database.view();
  return {
    sequence,
    page: (...wanted) => readPage(view, ...wanted),
    totals: (namespaces) => readTotals(view, namespaces),
    [Symbol.dispose]: () => view[Symbol.dispose](),
  };
}

/** What writers are at is known here alone. */
async function takeInventory(
  { writers }: Core,
  threads: Pick<ReaderThreads, "inventory">,
  limit: number,
): Promise<Inventory> {
  const { ingests, oldestIngestMicros, ...stored } = await threads.inventory({ namespaces: limit });
  const written = [...writers.values()];
  return {
    ...stored,
    written,
    // One may have come or gone since the thread looked.
    resumable: Math.max(0, ingests - written.length),
    ...(oldestIngestMicros !== undefined && { oldestIngestAt: toMoment(oldestIngestMicros) }),
  };
}

/** Expired ingests go, now and every minute. @returns ends it, once nothing is under way */
function startExpiry(core: Core): () => Promise<void> {
  let running: Promise<void> = Promise.resolve();
  const look = (): void => {
    running = running
      .then(() => dropExpiredIngests(core))
      .catch((err: unknown) => core.logger.error({ err }, "expired ingests could not be dropped"));
  };
  const timer = setInterval(look, expiryMs);
  timer.unref();
  look();
  return async () => {
    clearInterval(timer);
    await running;
  };
}
