import { toMoment } from "../../content/instant.ts";
import type { Feed } from "../feed/feed.ts";
import { createFeed } from "../feed/feed.ts";
import { readPage } from "./blob-pages.ts";
import { blobFromColumns } from "./blobs.ts";
import type { Database } from "./database/database.ts";
import { openDatabase } from "./database/database.ts";
import type { Inventory, Metadata, Snapshot } from "./metadata.ts";
import type { OpenWriters } from "./open-writers.ts";
import type { ReaderThreads } from "./threads/pool.ts";
import { createReaderThreads } from "./threads/pool.ts";
import { countBeside, scanBeside } from "./threads/scans.ts";
import { createSharedSequence } from "./threads/shared-sequence.ts";
import { readTotals } from "./totals.ts";
import type { Observer, Transactions } from "./transactions.ts";
import { createTransactions } from "./transactions.ts";

/** The database, the feed of its changes, and the threads that read beside it: what every Metadata stands on. */
export interface Rows extends AsyncDisposable {
  readonly database: Database;
  readonly feed: Feed;
  readonly transactions: Transactions;
  readonly threads: ReaderThreads;
  /** What is asked of the rows alone. */
  readonly views: Pick<Metadata, "snapshot" | "page" | "scan" | "count">;
  /** As Metadata.inventory. @param writers what is known of ingests beside their rows */
  inventory(writers: OpenWriters, namespaces: number): Promise<Inventory>;
}

/**
 * Open the rows in a directory.
 *
 * @param observe hears of each change inside its transaction
 * @throws StartError where the database cannot be used
 */
export async function openRows(root: string, observe: Observer): Promise<Rows> {
  const database = await openDatabase(root);
  const feed = createFeed();
  const sequence = createSharedSequence();
  const transactions = createTransactions(database, feed, observe, sequence);
  const threads = createReaderThreads({ path: database.path, sequence: sequence.memory });
  return {
    database,
    feed,
    transactions,
    threads,
    views: {
      snapshot: () => createSnapshot(database, feed.sequence),
      async page(query, caller, signal) {
        const { rows, ...page } = await threads.page(query, caller, signal);
        return { ...page, rows: rows.map(blobFromColumns) };
      },
      scan: (query, form, signal) => scanBeside(threads, query, form, signal),
      count: (selection, signal) => countBeside(threads, selection, signal),
    },
    inventory: (writers, namespaces) => takeInventory(writers, threads, namespaces),
    async [Symbol.asyncDispose]() {
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
  writers: OpenWriters,
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
