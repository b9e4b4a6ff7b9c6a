import { open } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { sql } from "kysely";
import { LRUCache } from "lru-cache";
import { compileRegexp } from "../../content/regexp.ts";
import { adviceFor } from "../disk-room.ts";
import type { Connection } from "../metadata/database/connection.ts";
import { createConnection } from "../metadata/database/connection.ts";
import type { Query } from "../metadata/database/queries.ts";
import { StartError } from "../start-error.ts";
import { auditMigrations, auditQueries } from "./schema.ts";

/** Only its owner may read what others did. */
const fileMode = 0o600;

/** Patterns that are kept compiled. */
const maxPatterns = 64;

/** The database of the audit. */
export interface AuditDatabase extends AsyncDisposable {
  readonly connection: Connection;
  /** Make everything durable that was committed. @throws where the disk refuses; what it refused is brought home by other means the next time */
  sync(): Promise<void>;
  /** Bytes of the file that hold something. */
  usedBytes(): number;
}

/**
 * Open `audit.db` in a directory, make it where it is not there, and bring it up to this version. Its queries can ask
 * `found(pattern, text)`, which is 1 where the RE2 is found.
 *
 * @throws StartError for a file that is no database or is damaged, and for one that a later version wrote
 */
export async function openAuditDatabase(root: string): Promise<AuditDatabase> {
  const path = join(root, "audit.db");
  let connection: Connection | undefined;
  try {
    await (await open(path, "a", fileMode)).close();
    connection = openConnection(path);
    const log = await open(`${path}-wal`, "r+");
    return databaseOf(connection, log);
  } catch (cause) {
    connection?.[Symbol.dispose]();
    if (cause instanceof StartError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new StartError(`cannot use ${path}: ${reason}; ${adviceFor(path, "move it away to begin a new audit")}`, {
      cause,
    });
  }
}

function databaseOf(connection: Connection, log: Awaited<ReturnType<typeof open>>): AuditDatabase {
  let isSuspect = false;
  return {
    connection,
    async sync() {
      try {
        // The log may have lost what it was refused, and nothing tells: bring all of it home instead.
        if (isSuspect) connection.exec("PRAGMA wal_checkpoint(TRUNCATE)");
        isSuspect = false;
        await log.datasync();
      } catch (error) {
        isSuspect = true;
        throw error;
      }
    },
    usedBytes() {
      const [pages, free, size] = [usedPages, freePages, pageSize].map((query) => connection.first(query)?.value ?? 0);
      return ((pages ?? 0) - (free ?? 0)) * (size ?? 0);
    },
    async [Symbol.asyncDispose]() {
      await log.close();
      connection[Symbol.dispose]();
    },
  };
}

function openConnection(path: string): Connection {
  const database = new DatabaseSync(path, { timeout: 0 });
  const compiled = new LRUCache<string, (text: string) => boolean>({ max: maxPatterns });
  database.function("found", { deterministic: true }, (pattern, text) => {
    const source = String(pattern);
    const finds = compiled.get(source) ?? compileRegexp(source);
    compiled.set(source, finds);
    return finds(String(text)) ? 1 : 0;
  });
  const connection = createConnection(database);
  try {
    // Durability is sync()'s, off the event loop.
    connection.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL");
    migrate(connection, path);
    return connection;
  } catch (error) {
    connection[Symbol.dispose]();
    throw error;
  }
}

function migrate(connection: Connection, path: string): void {
  const version = connection.first(readVersion)?.value ?? 0;
  if (version > auditMigrations.length) {
    throw new StartError(`${path} was written by a later version of stowage; run that one`);
  }
  for (const [index, step] of auditMigrations.entries()) {
    if (index < version) continue;
    connection.exec("BEGIN IMMEDIATE");
    for (const query of step(auditQueries)) connection.exec(query.compile().sql);
    connection.exec(`PRAGMA user_version = ${index + 1}; COMMIT`);
  }
}

function pragma(name: "user_version" | "page_count" | "freelist_count" | "page_size"): Query<{ value: number }> {
  const built = sql<{ value: number }>`SELECT ${sql.ref(name)} AS value FROM ${sql.ref(`pragma_${name}`)}`;
  return { compile: () => built.compile(auditQueries) };
}

const readVersion = pragma("user_version");
const usedPages = pragma("page_count");
const freePages = pragma("freelist_count");
const pageSize = pragma("page_size");
