import type { FileHandle } from "node:fs/promises";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { sql } from "kysely";
import { adviceFor } from "../../disk-room.ts";
import { StartError } from "../../start-error.ts";
import type { Connection } from "./connection.ts";
import { createConnection } from "./connection.ts";
import type { Query } from "./queries.ts";
import { queries } from "./queries.ts";
import { migrations } from "./schema.ts";

/** Connections for readers that are kept open while nobody reads. */
const maxIdleReaders = 4;

/**
 * How much of the file a reader sees as memory, in bytes: its pages are then read without a call and a copy each. It is the
 * most that SQLite takes; what is beyond it is read as usual.
 */
const mappedBytes = 0x7fff_0000;

/** Pages that a write-ahead log may have before it is brought home; 16 MiB. */
const checkpointPages = 4096;

/** The one database of a server. */
export interface Database extends AsyncDisposable {
  /** Writes, and reads that are short. */
  readonly main: Connection;
  /** Where it is, for openReader. */
  readonly path: string;
  /** A view of this moment, whatever is written meanwhile. Dispose of it on every path. */
  view(): Connection;
  /**
   * Make every transaction that is committed on `main` durable.
   *
   * @throws where the disk refuses. What was refused is then brought home by other means before any later call succeeds, so
   * that no later answer stands on a write that the system dropped
   */
  sync(): Promise<void>;
}

/**
 * Open `metadata.db` in a directory, make it where it is not there, and bring it up to this version.
 *
 * @throws StartError for a file that is no database or is damaged, and for one that a later version wrote
 */
export async function openDatabase(root: string): Promise<Database> {
  const path = join(root, "metadata.db");
  const main = openMain(path);
  const idle: Connection[] = [];
  let log: FileHandle | undefined;
  let suspect = false;
  try {
    log = await open(`${path}-wal`, "r+");
    await syncDirectory(root);
  } catch (cause) {
    main[Symbol.dispose]();
    throw new StartError(`cannot keep ${path} safe: ${reasonOf(cause)}; choose another directory with --data DIR`, {
      cause,
    });
  }

  async function sync(): Promise<void> {
    try {
      // The log may have lost what it was refused, and nothing tells: bring all of it home instead.
      if (suspect) main.exec("PRAGMA wal_checkpoint(TRUNCATE)");
      suspect = false;
      await log?.datasync();
    } catch (error) {
      suspect = true;
      throw error;
    }
  }

  return {
    main,
    path,
    sync,
    view() {
      const reader = idle.pop() ?? openReader(path);
      // A transaction begins with its first read.
      reader.exec("BEGIN; SELECT 1 FROM total");
      return {
        ...reader,
        [Symbol.dispose]() {
          reader.exec("ROLLBACK");
          if (idle.length < maxIdleReaders) idle.push(reader);
          else reader[Symbol.dispose]();
        },
      };
    },
    async [Symbol.asyncDispose]() {
      for (const reader of idle) reader[Symbol.dispose]();
      await log?.close();
      main[Symbol.dispose]();
    },
  };
}

function openMain(path: string): Connection {
  let main: Connection | undefined;
  try {
    main = createConnection(new DatabaseSync(path, { timeout: 0 }));
    // Durability is sync()'s, for many transactions at once and off the event loop.
    main.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON");
    main.exec(`PRAGMA wal_autocheckpoint = ${checkpointPages}`);
    migrate(main, path);
    return main;
  } catch (cause) {
    main?.[Symbol.dispose]();
    if (cause instanceof StartError) throw cause;
    const advice = "restore it from a backup, or move it away to start without names and labels (the blobs stay)";
    throw new StartError(`cannot use ${path}: ${reasonOf(cause)}; ${adviceFor(path, advice)}`, { cause });
  }
}

/** A connection to the database of a path that cannot change it. */
export function openReader(path: string): Connection {
  const reader = createConnection(new DatabaseSync(path, { readOnly: true, timeout: 0 }));
  reader.exec(`PRAGMA query_only = ON; PRAGMA mmap_size = ${mappedBytes}`);
  return reader;
}

/**
 * Bring the write-ahead log of a database home, beside whoever reads and writes it.
 *
 * @returns does so as far as nobody reads what is older, and waits for nobody
 */
export function openCheckpointer(path: string): () => void {
  const connection = createConnection(new DatabaseSync(path, { timeout: 0 }));
  connection.exec("PRAGMA synchronous = NORMAL");
  return () => connection.exec("PRAGMA wal_checkpoint(PASSIVE)");
}

function migrate(main: Connection, path: string): void {
  const version = versionOf(main);
  if (version > migrations.length) {
    throw new StartError(`${path} was written by a later version of stowage; run that one`);
  }
  for (const [index, step] of migrations.entries()) {
    if (index < version) continue;
    main.exec("BEGIN IMMEDIATE");
    for (const query of step(queries)) main.exec(query.compile().sql);
    main.exec(`PRAGMA user_version = ${index + 1}; COMMIT`);
  }
}

const readVersion: Query<{ user_version: number }> = {
  compile: () => sql<{ user_version: number }>`PRAGMA user_version`.compile(queries),
};

/** Steps that the database has behind it. */
function versionOf(main: Connection): number {
  return main.first(readVersion)?.user_version ?? 0;
}

/** The names of new files in a directory are durable after this. */
async function syncDirectory(path: string): Promise<void> {
  await using directory = await open(path);
  await directory.sync();
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
