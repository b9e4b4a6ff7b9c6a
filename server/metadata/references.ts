import type { Selectable } from "kysely";
import type { GcNode, NodeKind, Reference } from "../../content/gc-labels.ts";
import type { Connection } from "./database/connection.ts";
import { queries, withValues } from "./database/queries.ts";
import type { Schema } from "./database/schema.ts";

/** Keep the references that a thing makes, in the place of those that it made before. */
export function replaceReferences(
  connection: Connection,
  namespace: string,
  owner: GcNode,
  before: readonly Reference[],
  after: readonly Reference[],
): void {
  if (before.length > 0) {
    const made = queries.deleteFrom("reference").where("namespace", "=", namespace);
    connection.run(made.where("owner_kind", "=", owner.kind).where("owner", "=", owner.key));
  }
  const rows = after.map((reference) => toColumns(namespace, owner, reference));
  for (const row of rows) connection.run(queries.insertInto("reference").values(row));
}

/** A reference as the table has it. @param owner whose label or target makes it */
export function toColumns(
  namespace: string,
  owner: GcNode,
  { from, to, label }: Reference,
): Selectable<Schema["reference"]> {
  return {
    namespace,
    owner_kind: owner.kind,
    owner: owner.key,
    label,
    from_kind: from === "root" ? "root" : from.kind,
    from_key: from === "root" ? "" : from.key,
    to_kind: to.kind,
    to_key: to.key,
  };
}

/** Of a namespace, a kind and a key. */
const found = queries
  .selectFrom("reference")
  .select(["to_kind", "to_key"])
  .where("namespace", "=", "")
  .where("from_kind", "=", "")
  .where("from_key", "=", "")
  .compile();

/** What one thing leads to, by its own labels, its target, and the labels of others. @param from `root`: what stays of itself */
export function followReferences(connection: Connection, namespace: string, from: GcNode | "root"): readonly GcNode[] {
  const { kind, key } = from === "root" ? { kind: "root", key: "" } : from;
  const rows = connection.all(withValues(found, [namespace, kind, key]));
  return rows.map((row) => ({ kind: row.to_kind as NodeKind, key: row.to_key }));
}
