import type { Selectable } from "kysely";
import type { Digest } from "../../content/digest.ts";
import { ContentError } from "../../content/errors.ts";
import { referencesOf } from "../../content/gc-labels.ts";
import { microsOf, toMoment } from "../../content/instant.ts";
import type { Info } from "../../content/store.ts";
import type { BlobRow, Unnumbered } from "../feed/change.ts";
import type { Connection } from "./database/connection.ts";
import { queries, withValues } from "./database/queries.ts";
import type { Schema } from "./database/schema.ts";
import { labelsFromColumn, labelsToColumn } from "./labels-column.ts";
import { ensureNamespace } from "./namespaces.ts";
import { replaceReferences } from "./references.ts";
import { holdersOf, moveTotals } from "./totals.ts";

/** A row of the table. */
export type StoredBlob = Selectable<Schema["blob"]>;

type Note = (change: Unnumbered) => void;

/** A stored row as the domain knows it. */
export function blobFromColumns(row: StoredBlob): BlobRow {
  return {
    namespace: row.namespace,
    info: {
      digest: row.digest as Digest,
      size: row.size,
      createdAt: toMoment(row.created_at),
      updatedAt: toMoment(row.updated_at),
      labels: labelsFromColumn(row.labels),
    },
  };
}

/** Each Info asks for it. */
const rowOfBlob = queries.selectFrom("blob").selectAll().where("namespace", "=", "").where("digest", "=", "").compile();

/** What is known of a blob in a namespace; absent where it is not. */
export function findBlob(connection: Connection, namespace: string, digest: Digest): Info | undefined {
  const row = connection.first(withValues(rowOfBlob, [namespace, digest]));
  return row && blobFromColumns(row).info;
}

/** Each Read asks for it. */
const placeOfBlob = queries
  .selectFrom("blob")
  .select("digest")
  .where("namespace", "=", "")
  .where("digest", "=", "")
  .compile();

/** Find out no more than that a blob is in a namespace. @throws `not-found`, in containerd's words */
export function requireHeld(connection: Connection, namespace: string, digest: Digest): void {
  if (connection.first(withValues(placeOfBlob, [namespace, digest])) === undefined) throw noSuchBlob(digest);
}

/** As findBlob. @throws `not-found`, in containerd's words */
export function requireBlob(connection: Connection, namespace: string, digest: Digest): Info {
  const info = findBlob(connection, namespace, digest);
  if (info === undefined) throw noSuchBlob(digest);
  return info;
}

function noSuchBlob(digest: Digest): ContentError {
  return new ContentError("not-found", `content digest ${digest}`);
}

/** True where any namespace holds the blob. */
export function isHeld(connection: Connection, digest: Digest): boolean {
  return (
    connection.first(queries.selectFrom("blob").select("namespace").where("digest", "=", digest).limit(1)) !== undefined
  );
}

/** Each commit runs it. */
const insertOfBlob = queries
  .insertInto("blob")
  .values({ namespace: "", digest: "", size: 0, created_at: 0, updated_at: 0, labels: "" })
  .compile();

/** A blob comes into a namespace that does not hold it yet. */
export function insertBlob(connection: Connection, note: Note, { namespace, info }: BlobRow): void {
  ensureNamespace(connection, note, namespace);
  const { digest, size, createdAt, updatedAt, labels } = info;
  const values = [namespace, digest, size, microsOf(createdAt), microsOf(updatedAt), labelsToColumn(labels)];
  connection.run(withValues(insertOfBlob, values));
  moveReferences(connection, namespace, digest, {}, labels);
  const elsewhere = otherRows(connection, namespace, digest);
  const others = elsewhere.map((row) => row.namespace);
  moveTotals(connection, size, holdersOf(others), holdersOf([...others, namespace]));
  note({ kind: "blob", namespace, digest, after: { namespace, info }, elsewhere });
}

/** The labels of a blob change. */
export function updateBlob(connection: Connection, note: Note, namespace: string, before: Info, after: Info): void {
  const { digest, updatedAt, labels } = after;
  connection.run(
    queries
      .updateTable("blob")
      .set({ updated_at: microsOf(updatedAt), labels: labelsToColumn(labels) })
      .where("namespace", "=", namespace)
      .where("digest", "=", digest),
  );
  moveReferences(connection, namespace, digest, before.labels, labels);
  const elsewhere = otherRows(connection, namespace, digest);
  note({
    kind: "blob",
    namespace,
    digest,
    before: { namespace, info: before },
    after: { namespace, info: after },
    elsewhere,
  });
}

/**
 * A blob goes from a namespace. Where no other one holds it, its bytes are left to removeBytes.
 *
 * @param collected set where a collection found that nothing leads to it
 * @returns true where no other one holds it
 */
export function removeBlob(connection: Connection, note: Note, row: BlobRow, collected?: true): boolean {
  const alone = removeBlobRow(connection, note, row, collected);
  if (alone)
    connection.run(
      queries
        .insertInto("leaving")
        .values({ digest: row.info.digest })
        .onConflict((on) => on.doNothing()),
    );
  return alone;
}

/** The row of a blob goes, and nothing is said of its bytes. @param collected as removeBlob @returns as removeBlob */
export function removeBlobRow(
  connection: Connection,
  note: Note,
  { namespace, info }: BlobRow,
  collected?: true,
): boolean {
  const { digest, size, labels } = info;
  connection.run(queries.deleteFrom("blob").where("namespace", "=", namespace).where("digest", "=", digest));
  moveReferences(connection, namespace, digest, labels, {});
  const elsewhere = otherRows(connection, namespace, digest);
  const others = elsewhere.map((row) => row.namespace);
  moveTotals(connection, size, holdersOf([...others, namespace]), holdersOf(others));
  note({
    kind: "blob",
    namespace,
    digest,
    before: { namespace, info },
    elsewhere,
    ...(collected && { collected }),
  });
  return elsewhere.length === 0;
}

/** What a blob leads to changes with its labels. */
function moveReferences(
  connection: Connection,
  namespace: string,
  digest: Digest,
  before: Info["labels"],
  after: Info["labels"],
): void {
  const owner = { kind: "content", key: digest } as const;
  replaceReferences(connection, namespace, owner, referencesOf(owner, before), referencesOf(owner, after));
}

/** Each change of a blob asks for them. */
const rowsElsewhere = queries
  .selectFrom("blob")
  .selectAll()
  .where("digest", "=", "")
  .where("namespace", "!=", "")
  .compile();

function otherRows(connection: Connection, namespace: string, digest: Digest): readonly BlobRow[] {
  return connection.all(withValues(rowsElsewhere, [digest, namespace])).map(blobFromColumns);
}
