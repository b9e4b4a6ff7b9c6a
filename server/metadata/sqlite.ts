import type { Logger } from "pino";
import type { Store } from "../../content/store.ts";
import type { Unnumbered } from "../feed/change.ts";
import { createCatalogReads } from "./catalog/reads.ts";
import { createBarrier } from "./collection/barrier.ts";
import { collect } from "./collection/collect.ts";
import { createCollections } from "./collection/collections.ts";
import { createMarker } from "./collection/marker.ts";
import { createMutations } from "./collection/mutations.ts";
import type { Core } from "./core.ts";
import { createImageStore } from "./images.ts";
import { dropExpiredIngests, dropIdleIngests, walkIngests } from "./ingests.ts";
import { createKeyedLock } from "./keyed-lock.ts";
import { createLeaseStore } from "./leases.ts";
import { removeLeft } from "./leaving.ts";
import type { Metadata } from "./metadata.ts";
import { createNamespaceStore } from "./namespaces.ts";
import { createOpenWriters } from "./open-writers.ts";
import type { OrphanSearchTiming } from "./orphans.ts";
import { startOrphanSearch } from "./orphans.ts";
import { recoverIngests } from "./recover.ts";
import { openRows } from "./rows.ts";
import { createScopedStore } from "./scoped-store.ts";
import type { Sharing } from "./sharing.ts";

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
  const barrier = createBarrier();
  const mutations = createMutations();
  const observe = (change: Unnumbered): void => {
    barrier.observe(change);
    mutations.observe(change);
  };
  const rows = await openRows(root, observe);
  const { database, feed, transactions, threads } = rows;
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
    await rows[Symbol.asyncDispose]();
    throw error;
  }
  const stopExpiry = startExpiry(core);
  const stopOrphanSearch = startOrphanSearch(core, orphanSearch);
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
    ...rows.views,
    inventory: (limit) => rows.inventory(core.writers, limit),
    transferred: core.transferred,
    ingests: (namespaces) => walkIngests(core, namespaces),
    async [Symbol.asyncDispose]() {
      await collections[Symbol.asyncDispose]();
      await marker[Symbol.asyncDispose]();
      await stopExpiry();
      await stopOrphanSearch();
      await rows[Symbol.asyncDispose]();
    },
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
