import type { Selectable, Updateable } from "kysely";
import type { Digest } from "../../content/digest.ts";
import { microsOf } from "../../content/instant.ts";
import { now } from "../clock.ts";
import type { Connection } from "./database/connection.ts";
import { queries } from "./database/queries.ts";
import type { Schema } from "./database/schema.ts";
import type { Namespaces } from "./set.ts";

/** A row of the table. */
export type StoredIngest = Selectable<Schema["ingest"]>;

/** How long an ingest is kept that nobody goes on with, in microseconds; containerd's number. */
const keptMicros = 24 * 60 * 60 * 1_000_000;

/** What an open declares. */
export interface IngestDeclaration {
  /** Absent: what was declared before stays. */
  readonly expected: Digest | undefined;
  /** Absent: bytes are written below. */
  readonly offered: Digest | undefined;
  /** A lease or a backend holds it: it has no time of its own. */
  readonly leased: boolean;
}

/** The ingest of that ref; absent when there is none. */
export function findIngest(connection: Connection, namespace: string, ref: string): StoredIngest | undefined {
  const query = queries.selectFrom("ingest").selectAll().where("namespace", "=", namespace).where("ref", "=", ref);
  return connection.first(query);
}

/** The ingest as it is now; absent once it ended. */
export function findIngestById(connection: Connection, id: number): StoredIngest | undefined {
  return connection.first(queries.selectFrom("ingest").selectAll().where("id", "=", id));
}

/** The ingest of a ref, made where there is none. @returns the row, and whether there was one before */
export function findOrInsertIngest(
  connection: Connection,
  namespace: string,
  ref: string,
  { expected, offered, leased }: IngestDeclaration,
): { row: StoredIngest; resumed: boolean } {
  const before = findIngest(connection, namespace, ref);
  if (before !== undefined) return { row: before, resumed: true };
  const { micros } = now();
  const declared = { expected: expected ?? null, offered: offered ?? null };
  const times = { started_at: micros, expires_at: leased ? null : micros + keptMicros };
  const values = { namespace, ref, ...declared, ...times, last_error: "" };
  const row = connection.first(queries.insertInto("ingest").values(values).returningAll());
  if (row === undefined) throw new Error("an insert gives its row");
  return { row, resumed: false };
}

/** The writer that goes on with an ingest declares something, and its time begins anew. */
export function declareIngest(
  connection: Connection,
  id: number,
  { expected, offered, leased }: IngestDeclaration,
): void {
  const expires_at = leased ? null : now().micros + keptMicros;
  updateIngest(connection, id, { ...(expected && { expected }), offered: offered ?? null, expires_at });
}

/** An ingest that is below gets the row that it lost. */
export function adoptIngest(connection: Connection, id: number, namespace: string, ref: string, startedAt: Date): void {
  connection.run(
    queries.insertInto("ingest").values({
      id,
      namespace,
      ref,
      started_at: microsOf(startedAt),
      expires_at: now().micros + keptMicros,
      last_error: "",
    }),
  );
}

/** @returns false where there is no such ingest any more */
export function updateIngest(connection: Connection, id: number, set: Updateable<Schema["ingest"]>): boolean {
  return connection.run(queries.updateTable("ingest").set(set).where("id", "=", id)) > 0;
}

/** An ingest goes, also from the leases that hold it. @returns the row that is gone; absent where it was gone before */
export function removeIngest(connection: Connection, id: number): StoredIngest | undefined {
  const row = connection.first(queries.deleteFrom("ingest").where("id", "=", id).returningAll());
  if (row !== undefined) {
    const leased = queries.deleteFrom("lease_resource").where("namespace", "=", row.namespace);
    connection.run(leased.where("type", "=", "ingests").where("id", "=", row.ref));
  }
  return row;
}

/** The next rows in the order of namespace and ref. @param after the last row that is known; absent: from the first */
export function pageIngests(
  connection: Connection,
  namespaces: Namespaces,
  after: StoredIngest | undefined,
  limit: number,
): readonly StoredIngest[] {
  let query = queries.selectFrom("ingest").selectAll().orderBy("namespace").orderBy("ref").limit(limit);
  if (namespaces !== "*") query = query.where("namespace", "in", namespaces);
  if (after !== undefined) {
    query = query.where(({ and, or, eb }) => {
      const sameNamespace = and([eb("namespace", "=", after.namespace), eb("ref", ">", after.ref)]);
      return and([eb("namespace", ">=", after.namespace), or([eb("namespace", ">", after.namespace), sameNamespace])]);
    });
  }
  return connection.all(query);
}

/** Ingests whose time is over, and that no lease holds. */
export function expiredIngests(connection: Connection, nowMicros: number): readonly StoredIngest[] {
  return connection.all(unleased.selectAll().where("expires_at", "<", nowMicros));
}

/** Ingests of a namespace that had a lease in the place of a time, and whose lease is gone. */
export function unleasedIngests(connection: Connection, namespace: string): readonly StoredIngest[] {
  return connection.all(unleased.selectAll().where("namespace", "=", namespace).where("expires_at", "is", null));
}

const unleased = queries
  .selectFrom("ingest")
  .where(({ exists, not, selectFrom }) =>
    not(
      exists(
        selectFrom("lease_resource")
          .select("lease_resource.lease")
          .where("lease_resource.type", "=", "ingests")
          .whereRef("lease_resource.namespace", "=", "ingest.namespace")
          .whereRef("lease_resource.id", "=", "ingest.ref"),
      ),
    ),
  );
