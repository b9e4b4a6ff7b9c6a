import type { Selectable } from "kysely";
import { ContentError } from "../../content/errors.ts";
import { microsOf, toMoment } from "../../content/instant.ts";
import type { Lease, LeaseResource } from "../../content/lease.ts";
import type { Unnumbered } from "../feed/change.ts";
import type { Connection } from "./database/connection.ts";
import { queries } from "./database/queries.ts";
import type { Schema } from "./database/schema.ts";
import { labelsFromColumn, labelsToColumn } from "./labels-column.ts";

type Note = (change: Unnumbered) => void;

/** Who writes: the lease is the one that its call names; absent: none. */
export interface LeaseScope {
  readonly namespace: string;
  readonly lease?: string | undefined;
}

/** A stored row as the domain knows it. */
export function leaseFromColumns({ id, created_at, labels }: Selectable<Schema["lease"]>): Lease {
  return { id, createdAt: toMoment(created_at), labels: labelsFromColumn(labels) };
}

/** The lease of that id; absent where there is none. */
export function findLease(connection: Connection, namespace: string, id: string): Lease | undefined {
  const query = queries.selectFrom("lease").selectAll().where("namespace", "=", namespace).where("id", "=", id);
  const row = connection.first(query);
  return row && leaseFromColumns(row);
}

/** The lease of a call; absent where it names none. @throws `not-found` where there is no such lease, in containerd's words */
export function requireLease(connection: Connection, { namespace, lease }: LeaseScope): Lease | undefined {
  if (lease === undefined) return undefined;
  const found = findLease(connection, namespace, lease);
  if (found === undefined) throw new ContentError("not-found", "lease does not exist");
  return found;
}

/** Put a resource under the lease of a call, if it names one. @throws as requireLease */
export function joinLease(connection: Connection, note: Note, scope: LeaseScope, resource: LeaseResource): void {
  const lease = requireLease(connection, scope);
  if (lease !== undefined) addResource(connection, note, scope.namespace, lease, resource);
}

/** Take a resource from the lease of a call, if it names one that is there. */
export function leaveLease(connection: Connection, note: Note, scope: LeaseScope, resource: LeaseResource): void {
  const lease = scope.lease === undefined ? undefined : findLease(connection, scope.namespace, scope.lease);
  if (lease !== undefined) removeResource(connection, note, scope.namespace, lease, resource);
}

/** A lease holds a resource from now on; one that it holds already is no change. */
export function addResource(
  connection: Connection,
  note: Note,
  namespace: string,
  lease: Lease,
  resource: LeaseResource,
): void {
  const insert = queries.insertInto("lease_resource").values({ namespace, lease: lease.id, ...resource });
  if (connection.run(insert.onConflict((conflict) => conflict.doNothing())) === 0) return;
  note({ kind: "lease", namespace, id: lease.id, before: lease, after: lease, added: resource });
}

/** A lease lets go of a resource; one that it does not hold is no change. */
export function removeResource(
  connection: Connection,
  note: Note,
  namespace: string,
  lease: Lease,
  resource: LeaseResource,
): void {
  const held = queries.deleteFrom("lease_resource").where("namespace", "=", namespace).where("lease", "=", lease.id);
  if (connection.run(held.where("type", "=", resource.type).where("id", "=", resource.id)) === 0) return;
  note({ kind: "lease", namespace, id: lease.id, before: lease, after: lease, removed: resource });
}

/** A lease is made, or its labels change. @param before absent: it is new */
export function putLease(
  connection: Connection,
  note: Note,
  namespace: string,
  before: Lease | undefined,
  after: Lease,
): void {
  const values = { created_at: microsOf(after.createdAt), labels: labelsToColumn(after.labels) };
  connection.run(
    queries
      .insertInto("lease")
      .values({ namespace, id: after.id, ...values })
      .onConflict((conflict) => conflict.columns(["namespace", "id"]).doUpdateSet(values)),
  );
  note({ kind: "lease", namespace, id: after.id, ...(before && { before }), after });
}

/** A lease goes, with the list of what it holds. */
export function removeLease(
  connection: Connection,
  note: Note,
  namespace: string,
  lease: Lease,
  collected?: true,
): void {
  const { id } = lease;
  connection.run(queries.deleteFrom("lease_resource").where("namespace", "=", namespace).where("lease", "=", id));
  connection.run(queries.deleteFrom("lease").where("namespace", "=", namespace).where("id", "=", id));
  note({ kind: "lease", namespace, id, before: lease, ...(collected && { collected }) });
}

/** The next leases in the order of their ids. @param after id of the last that is known; empty: from the first */
export function pageLeases(connection: Connection, namespace: string, after: string, limit: number): readonly Lease[] {
  const query = queries.selectFrom("lease").selectAll().where("namespace", "=", namespace).where("id", ">", after);
  return connection.all(query.orderBy("id").limit(limit)).map(leaseFromColumns);
}
