import type { Generated, Kysely, RawBuilder } from "kysely";
import { sql } from "kysely";

/** A namespace that was made, or that something was written in. */
interface NamespaceTable {
  name: string;
  /** JSON object of strings. */
  labels: string;
  /** 1 once a lease or an image was made in it: from then on it is collected. */
  collected: Generated<number>;
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
  /** Lease that the blob is to come under; null: none. */
  intent_lease: string | null;
}

/** A lease in a namespace. */
interface LeaseTable {
  namespace: string;
  id: string;
  /** Microseconds since 1970. */
  created_at: number;
  /** JSON object of strings. */
  labels: string;
}

/** A blob that no namespace holds any more, while its bytes are below. */
interface LeavingTable {
  digest: string;
}

/** What a lease holds; it need not be there. */
interface LeaseResourceTable {
  namespace: string;
  lease: string;
  /** `content`, `ingests`, `images`, or `snapshots/` and a name. */
  type: string;
  /** A digest, a ref, a name. */
  id: string;
}

/** A name for a blob, which need not be there. */
interface ImageTable {
  namespace: string;
  name: string;
  media_type: string;
  digest: string;
  /** Bytes. */
  size: number;
  /** JSON object of strings. */
  annotations: string;
  /** JSON object of strings. */
  labels: string;
  /** Microseconds since 1970. */
  created_at: number;
  /** Microseconds since 1970. */
  updated_at: number;
}

/** What makes one thing lead to another; see content/gc-labels.ts. Kept with the labels, so that nothing has to read them. */
interface ReferenceTable {
  namespace: string;
  /** `content` or `image`: the thing whose label it is, or whose target. */
  owner_kind: string;
  /** A digest, or a name. */
  owner: string;
  /** The key of the label; empty: the target of an image. */
  label: string;
  /** `content`, `image`, or `root`: from everywhere. */
  from_kind: string;
  /** Empty for a root. */
  from_key: string;
  to_kind: string;
  to_key: string;
}

/** The one schema, as queries see it. */
export interface Schema {
  namespace: NamespaceTable;
  total: TotalTable;
  blob: BlobTable;
  ingest: IngestTable;
  leaving: LeavingTable;
  lease: LeaseTable;
  lease_resource: LeaseResourceTable;
  image: ImageTable;
  reference: ReferenceTable;
}

/** A query that can be run as it is. */
interface Compilable {
  compile(): { readonly sql: string };
}

function leasesAndImages(schema: Kysely<Schema>["schema"]): readonly Compilable[] {
  return [
    schema.alterTable("namespace").addColumn("collected", "integer", (column) => column.notNull().defaultTo(0)),
    schema.alterTable("ingest").addColumn("intent_lease", "text"),
    schema
      .createTable("lease")
      .addColumn("namespace", "text", (column) => column.notNull())
      .addColumn("id", "text", (column) => column.notNull())
      .addColumn("created_at", "integer", (column) => column.notNull())
      .addColumn("labels", "text", (column) => column.notNull())
      .addPrimaryKeyConstraint("lease_key", ["namespace", "id"]),
    schema
      .createTable("lease_resource")
      .addColumn("namespace", "text", (column) => column.notNull())
      .addColumn("lease", "text", (column) => column.notNull())
      .addColumn("type", "text", (column) => column.notNull())
      .addColumn("id", "text", (column) => column.notNull())
      .addPrimaryKeyConstraint("lease_resource_key", ["namespace", "lease", "type", "id"])
      .modifyEnd(sql`WITHOUT ROWID`),
    schema.createIndex("lease_by_resource").on("lease_resource").columns(["namespace", "type", "id"]),
    schema
      .createTable("image")
      .addColumn("namespace", "text", (column) => column.notNull())
      .addColumn("name", "text", (column) => column.notNull())
      .addColumn("media_type", "text", (column) => column.notNull())
      .addColumn("digest", "text", (column) => column.notNull())
      .addColumn("size", "integer", (column) => column.notNull())
      .addColumn("annotations", "text", (column) => column.notNull())
      .addColumn("labels", "text", (column) => column.notNull())
      .addColumn("created_at", "integer", (column) => column.notNull())
      .addColumn("updated_at", "integer", (column) => column.notNull())
      .addPrimaryKeyConstraint("image_key", ["namespace", "name"]),
    schema
      .createTable("reference")
      .addColumn("namespace", "text", (column) => column.notNull())
      .addColumn("owner_kind", "text", (column) => column.notNull())
      .addColumn("owner", "text", (column) => column.notNull())
      .addColumn("label", "text", (column) => column.notNull())
      .addColumn("from_kind", "text", (column) => column.notNull())
      .addColumn("from_key", "text", (column) => column.notNull())
      .addColumn("to_kind", "text", (column) => column.notNull())
      .addColumn("to_key", "text", (column) => column.notNull())
      .addPrimaryKeyConstraint("reference_key", ["namespace", "owner_kind", "owner", "label"])
      .modifyEnd(sql`WITHOUT ROWID`),
    schema
      .createIndex("reference_by_from")
      .on("reference")
      .columns(["namespace", "from_kind", "from_key", "to_kind", "to_key"]),
  ];
}

/** The references that the labels of blobs made before there was a table of them. */
function referencesOfBlobs(queries: Kysely<Schema>): readonly Compilable[] {
  const insert = (from: RawBuilder<unknown>, to: RawBuilder<unknown>, key: string, suffix: string) => ({
    compile: () =>
      sql`
        INSERT INTO reference
        SELECT namespace, 'content', digest, label.key, ${from}, ${to} FROM blob, json_each(blob.labels) AS label
        WHERE label.key = ${sql.lit(key)} OR label.key GLOB ${sql.lit(`${key}${suffix}`)}
      `.compile(queries),
  });
  const itself = sql`'content', digest`;
  const other = (kind: string) => sql`${sql.lit(kind)}, label.value`;
  return [
    insert(sql`'root', ''`, itself, "containerd.io/gc.root", "*"),
    ...["content", "image"].flatMap((kind) => [
      insert(itself, other(kind), `containerd.io/gc.ref.${kind}`, "[./]*"),
      insert(other(kind), itself, `containerd.io/gc.bref.${kind}`, "[./]*"),
    ]),
  ];
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

  (queries) => [...leasesAndImages(queries.schema), ...referencesOfBlobs(queries)],

  // What leads to a thing is asked for a thing, too.
  ({ schema }) => [
    schema
      .createIndex("reference_by_to")
      .on("reference")
      .columns(["namespace", "to_kind", "to_key", "from_kind", "from_key"]),
    schema.createIndex("ingest_by_expected").on("ingest").columns(["namespace", "expected"]),
  ],

  ({ schema }) => [
    schema
      .createTable("leaving")
      .addColumn("digest", "text", (column) => column.primaryKey())
      .modifyEnd(sql`WITHOUT ROWID`),
  ],
];
