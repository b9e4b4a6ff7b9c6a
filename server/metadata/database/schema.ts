import type { Generated, Kysely } from "kysely";

/** A namespace that was made, or that something was written in. */
interface NamespaceTable {
  name: string;
  /** JSON object of strings. */
  labels: string;
}

/** What is held by the same namespaces, kept with every change so that no list has to be counted. */
interface TotalTable {
  /** Exactly those that hold the digests: totals.ts makes the text. */
  holders: string;
  digests: number;
  /** Bytes of those digests. */
  bytes: number;
}

/** A blob in a namespace. Its bytes are in the store below. */
interface BlobTable {
  namespace: string;
  digest: string;
  /** Bytes. */
  size: number;
  /** Microseconds since 1970. */
  created_at: number;
  /** Microseconds since 1970. */
  updated_at: number;
  /** JSON object of strings. */
  labels: string;
}

/** An ingest in a namespace. Its bytes are in the store below, under the ref that store-ref.ts makes. */
interface IngestTable {
  /** Never used twice. */
  id: Generated<number>;
  namespace: string;
  ref: string;
  /** Declared digest; null when unknown. */
  expected: string | null;
  /** Digest of a blob below that is offered whole, without a byte being sent; null: bytes are written below. */
  offered: string | null;
  /** Microseconds since 1970. */
  started_at: number;
  /** Microseconds since 1970; null: never. */
  expires_at: number | null;
  /** Why the last commit was refused; empty when none was. */
  last_error: string;
  /** Digest of a commit that is under way; null when none is. */
  intent_digest: string | null;
  /** Bytes. */
  intent_size: number | null;
  /** JSON object of strings. */
  intent_labels: string | null;
}

/** The one schema, as queries see it. */
export interface Schema {
  namespace: NamespaceTable;
  total: TotalTable;
  blob: BlobTable;
  ingest: IngestTable;
}

/** A query that can be run as it is. */
interface Compilable {
  compile(): { readonly sql: string };
}

/** What takes a database from one version to the next. Once released, a step is never edited: another one is added. */
export const migrations: readonly ((queries: Kysely<Schema>) => readonly Compilable[])[] = [
  ({ schema }) => [
    schema
      .createTable("namespace")
      .addColumn("name", "text", (column) => column.primaryKey())
      .addColumn("labels", "text", (column) => column.notNull()),
    schema
      .createTable("total")
      .addColumn("holders", "text", (column) => column.primaryKey())
      .addColumn("digests", "integer", (column) => column.notNull())
      .addColumn("bytes", "integer", (column) => column.notNull()),
    schema
      .createTable("blob")
      .addColumn("namespace", "text", (column) => column.notNull())
      .addColumn("digest", "text", (column) => column.notNull())
      .addColumn("size", "integer", (column) => column.notNull())
      .addColumn("created_at", "integer", (column) => column.notNull())
      .addColumn("updated_at", "integer", (column) => column.notNull())
      .addColumn("labels", "text", (column) => column.notNull())
      .addPrimaryKeyConstraint("blob_key", ["namespace", "digest"]),
    schema.createIndex("blob_by_digest").on("blob").columns(["digest", "namespace"]),
    ...(["size", "created_at", "updated_at"] as const).flatMap((column) => [
      schema.createIndex(`blob_by_${column}`).on("blob").columns([column, "digest", "namespace"]),
      schema.createIndex(`blob_of_namespace_by_${column}`).on("blob").columns(["namespace", column, "digest"]),
    ]),
    schema
      .createTable("ingest")
      .addColumn("id", "integer", (column) => column.primaryKey().autoIncrement())
      .addColumn("namespace", "text", (column) => column.notNull())
      .addColumn("ref", "text", (column) => column.notNull())
      .addColumn("expected", "text")
      .addColumn("offered", "text")
      .addColumn("started_at", "integer", (column) => column.notNull())
      .addColumn("expires_at", "integer")
      .addColumn("last_error", "text", (column) => column.notNull())
      .addColumn("intent_digest", "text")
      .addColumn("intent_size", "integer")
      .addColumn("intent_labels", "text")
      .addUniqueConstraint("ingest_key", ["namespace", "ref"]),
    schema.createIndex("ingest_by_expiry").on("ingest").column("expires_at"),
  ],
];
