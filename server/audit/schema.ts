import type { Kysely } from "kysely";
import { sql } from "kysely";
import { createQueries } from "../metadata/database/queries.ts";

/** An event, as AuditEvent has it. */
export interface EventTable {
  /** Without gaps: only the oldest go. */
  id: number;
  /** Microseconds since 1970. */
  at: number;
  who: string;
  peer: string;
  user_agent: string;
  act: string;
  method: string;
  store: string;
  namespace: string;
  kind: string;
  name: string;
  digest: string;
  bytes: number | null;
  code: string;
  error: string;
  call: string;
  cause: string;
  more: number;
  /** JSON of AuditChange[]; empty: none. */
  changes: string;
  left_out: number;
}

/** The one schema, as queries see it. */
export interface AuditSchema {
  event: EventTable;
}

/** Builds queries of the audit. */
export const auditQueries = createQueries<AuditSchema>();

/** A query that can be run as it is. */
interface Compilable {
  compile(): { readonly sql: string };
}

const texts = ["who", "peer", "user_agent", "act", "method", "store", "namespace", "kind", "name", "digest"] as const;
const moreTexts = ["code", "error", "call", "cause"] as const;

/** What takes a database from one version to the next. Once released, a step is never edited: another one is added. */
export const auditMigrations: readonly ((queries: Kysely<AuditSchema>) => readonly Compilable[])[] = [
  ({ schema }) => {
    let table = schema
      .createTable("event")
      .addColumn("id", "integer", (column) => column.primaryKey())
      .addColumn("at", "integer", (column) => column.notNull());
    for (const name of texts) table = table.addColumn(name, "text", (column) => column.notNull());
    table = table.addColumn("bytes", "integer");
    for (const name of moreTexts) table = table.addColumn(name, "text", (column) => column.notNull());
    return [
      table
        .addColumn("more", "integer", (column) => column.notNull())
        .addColumn("changes", "text", (column) => column.notNull())
        .addColumn("left_out", "integer", (column) => column.notNull()),
      schema.createIndex("event_by_act").on("event").columns(["act", "id"]),
      // What most events do not have takes no place.
      schema
        .createIndex("event_by_digest")
        .on("event")
        .columns(["digest", "id"])
        .where(sql.ref("digest"), "<>", sql.lit("")),
      schema.createIndex("event_by_who").on("event").columns(["who", "id"]).where(sql.ref("who"), "<>", sql.lit("")),
      schema
        .createIndex("event_by_code")
        .on("event")
        .columns(["code", "id"])
        .where(sql.ref("code"), "<>", sql.lit("ok")),
    ];
  },
];
