import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { StartError } from "./start-error.ts";
import { systemReason } from "./system-reason.ts";

/** The data directory, held by this process until it is disposed of, or the process dies however it dies. */
export interface DataLock extends AsyncDisposable {
  /** Write down where the server answers, for whoever finds the directory taken. */
  announce(urls: readonly string[]): Promise<void>;
}

/** Locked by its holder; has no content. */
const lockFile = "lock.db";

/** Says who holds the lock, for people. */
const holderFile = "server.txt";

/** Owner and group may look; others may not. */
const directoryMode = 0o750;

/**
 * Make the data directory where it is not there, and take hold of it.
 *
 * The lock is SQLite's on an otherwise unused file: the system drops it with the process, and no stale file is ever mistaken
 * for a server.
 *
 * @throws StartError where another server holds it (naming that), or where it cannot be written to
 */
export async function lockData(root: string): Promise<DataLock> {
  const database = await openLockFile(root);
  try {
    database.exec("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE");
  } catch (cause) {
    database.close();
    if (!isBusy(cause)) throw unwritable(root, cause);
    const holder = await readFile(join(root, holderFile), "utf8").catch(() => "another server that is starting");
    throw new StartError(`${root} is in use by ${holder.trim()}; stop that one, or choose another with --data DIR`, {
      cause,
    });
  }
  const lock = createLock(root, database);
  try {
    await lock.announce([]);
  } catch (cause) {
    await lock[Symbol.asyncDispose]();
    throw unwritable(root, cause);
  }
  return lock;
}

function createLock(root: string, database: DatabaseSync): DataLock {
  const holder = join(root, holderFile);
  return {
    announce: (urls) => writeFile(holder, `${[`pid ${process.pid}`, ...urls].join(" ")}\n`),
    async [Symbol.asyncDispose]() {
      try {
        await rm(holder, { force: true });
      } finally {
        if (database.isOpen) database.close();
      }
    },
  };
}

async function openLockFile(root: string): Promise<DatabaseSync> {
  try {
    await mkdir(root, { recursive: true, mode: directoryMode });
    return new DatabaseSync(join(root, lockFile), { timeout: 0 });
  } catch (cause) {
    throw unwritable(root, cause);
  }
}

/** SQLITE_BUSY, the only error that another holder causes. */
function isBusy(error: unknown): boolean {
  return error instanceof Error && "errcode" in error && error.errcode === 5;
}

function unwritable(root: string, cause: unknown): StartError {
  return new StartError(`cannot write to ${root}: ${systemReason(cause)}; choose another with --data DIR`, { cause });
}
