import type { FileHandle } from "node:fs/promises";
import { mkdir, open, stat } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { sql } from "kysely";
import { adviceFor } from "../disk-room.ts";
import type { Connection } from "../metadata/database/connection.ts";
import { createConnection } from "../metadata/database/connection.ts";
import type { Query } from "../metadata/database/queries.ts";
import { StartError } from "../start-error.ts";
import { accessMigrations, accessQueries } from "./schema.ts";

/** Name of the file in the data directory. */
export const accessFile = "access.db";

/** Hashes of secrets are nobody's but the server's. */
const fileMode = 0o600;
const directoryMode = 0o750;

/** How long to wait for another process that writes, in milliseconds: a command line takes a moment. */
const busyMs = 2000;

/** The database of tokens and sessions. It is one server's, and command lines work on it beside the server. */
export interface AccessDatabase extends Connection {
  /** A number that changes once another process has changed anything. */
  version(): number;
  /** Do all of it, durably, or nothing. @throws what `work` throws */
  transaction<Result>(work: () => Result): Result;
}

/**
 * Open `access.db` in a directory; make both where they are not there.
 *
 * @throws StartError for a file that is no database or is damaged, and for one that a later version wrote
 */
export async function openAccessDatabase(root: string): Promise<AccessDatabase> {
  const path = join(root, accessFile);
  let connection: Connection | undefined;
  try {
    await mkdir(root, { recursive: true, mode: directoryMode });
    // SQLite gives its other files the mode of this one.
    await using file = await open(path, "a", fileMode);
    await giveToOwner(root, file);
    await file.sync();
    connection = createConnection(new DatabaseSync(path, { timeout: busyMs }));
    connection.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON");
    migrate(connection, path);
  } catch (cause) {
    connection?.[Symbol.dispose]();
    if (cause instanceof StartError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    const advice = isForbidden(cause)
      ? "it is for the user that the server runs as"
      : adviceFor(path, "restore it from a backup, or move it away to start without tokens");
    throw new StartError(`cannot use ${path}: ${reason}; ${advice}`, { cause });
  }
  const { exec, first } = connection;
  return {
    ...connection,
    version: () => first(readDataVersion)?.data_version ?? 0,
    transaction(work) {
      exec("BEGIN IMMEDIATE");
      try {
        const result = work();
        exec("COMMIT");
        return result;
      } catch (error) {
        exec("ROLLBACK");
        throw error;
      }
    },
  };
}

/** The file is for the owner of the directory alone, also where root is the first to make a token. */
async function giveToOwner(root: string, file: FileHandle): Promise<void> {
  const [owner, now] = [await stat(root), await file.stat()];
  if (process.getuid?.() === 0 && now.uid !== owner.uid) await file.chown(owner.uid, owner.gid);
  if ((now.mode & 0o777) !== fileMode) await file.chmod(fileMode);
}

function isForbidden(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "EACCES" || error.code === "EPERM");
}

function migrate(connection: Connection, path: string): void {
  connection.exec("BEGIN IMMEDIATE");
  const version = connection.first(readUserVersion)?.user_version ?? 0;
  if (version > accessMigrations.length) {
    throw new StartError(`${path} was written by a later version of stowage; run that one`);
  }
  for (const step of accessMigrations.slice(version)) {
    for (const query of step) connection.exec(query.compile(accessQueries).sql);
  }
  connection.exec(`PRAGMA user_version = ${accessMigrations.length}; COMMIT`);
}

const readUserVersion: Query<{ user_version: number }> = {
  compile: () => sql<{ user_version: number }>`PRAGMA user_version`.compile(accessQueries),
};

const readDataVersion: Query<{ data_version: number }> = {
  compile: () => sql<{ data_version: number }>`PRAGMA data_version`.compile(accessQueries),
};
