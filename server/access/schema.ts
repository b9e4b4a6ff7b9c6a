import type { RawBuilder } from "kysely";
import { sql } from "kysely";
import { createQueries } from "../metadata/database/queries.ts";

/** A token, without its text. */
export interface TokenTable {
  id: string;
  /** See hashSecret. */
  hash: string;
  name: string;
  role: string;
  /** JSON array of names; `["*"]`: every one. */
  stores: string;
  /** As `stores`. */
  namespaces: string;
  /** Milliseconds since 1970. */
  created_at: number;
  created_by: string;
  /** Milliseconds since 1970; null: never. */
  expires_at: number | null;
  last_used_at: number | null;
  revoked_at: number | null;
  /** `the config` where that did; empty: a person, or nobody. */
  revoked_by: string;
  /** 1: it is traded for a session once, and goes with the process that made it; 2: that was done; 0: it is none of these. */
  one_time: number;
}

/** A session that somebody signed in to by a token. */
export interface SessionTable {
  /** See hashSecret. */
  hash: string;
  /** Id of the token; with it the session goes. */
  token: string;
  /** Milliseconds since 1970. */
  created_at: number;
  used_at: number;
  /** null: not signed out. */
  ended_at: number | null;
}

/** The tables of access.db. */
interface AccessSchema {
  token: TokenTable;
  session: SessionTable;
}

/** Builds queries of access.db, and runs none. */
export const accessQueries = createQueries<AccessSchema>();

/** Steps from an empty database to this version; what was released is never changed. */
export const accessMigrations: readonly (readonly RawBuilder<unknown>[])[] = [
  [
    sql`CREATE TABLE token (
      id TEXT PRIMARY KEY, hash TEXT NOT NULL UNIQUE, name TEXT NOT NULL, role TEXT NOT NULL, stores TEXT NOT NULL,
      namespaces TEXT NOT NULL, created_at INTEGER NOT NULL, created_by TEXT NOT NULL, expires_at INTEGER,
      last_used_at INTEGER, revoked_at INTEGER, one_time INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID`,
    sql`CREATE TABLE session (
      hash TEXT PRIMARY KEY, token TEXT NOT NULL REFERENCES token (id) ON DELETE CASCADE, created_at INTEGER NOT NULL,
      used_at INTEGER NOT NULL, ended_at INTEGER
    ) STRICT, WITHOUT ROWID`,
    sql`CREATE INDEX session_token ON session (token)`,
  ],
  [
    sql`ALTER TABLE token ADD COLUMN revoked_by TEXT NOT NULL DEFAULT ''`,
    sql`UPDATE token SET revoked_by = created_by WHERE created_by = 'the config' AND revoked_at IS NOT NULL`,
  ],
];
