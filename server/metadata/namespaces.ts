import { ContentError } from "../../content/errors.ts";
import { validateIdentifier } from "../../content/identifiers.ts";
import { applyLabels, namespaceLabels, validateLabels, withoutEmptyLabels } from "../../content/labels.ts";
import { goQuote } from "../../content/quote.ts";
import type { Labels } from "../../content/store.ts";
import type { Unnumbered } from "../feed/change.ts";
import type { NamespaceStore } from "./catalog-stores.ts";
import type { Connection } from "./database/connection.ts";
import { queries, withValues } from "./database/queries.ts";
import { hasImages } from "./image-rows.ts";
import { labelsFromColumn, labelsToColumn } from "./labels-column.ts";
import { readTotals } from "./totals.ts";
import type { Transactions } from "./transactions.ts";

type Note = (change: Unnumbered) => void;

/** Each commit runs it. */
const insertUnlessThere = queries
  .insertInto("namespace")
  .values({ name: "", labels: "" })
  .onConflict((conflict) => conflict.doNothing())
  .compile();

/** Make a namespace where it is not there: whatever is written in one makes it, as in containerd. */
export function ensureNamespace(connection: Connection, note: Note, name: string): void {
  if (connection.run(withValues(insertUnlessThere, [name, "{}"])) > 0)
    note({ kind: "namespace", namespace: name, after: { labels: {} } });
}

/** The namespace uses leases or images: it is there from now on, and is collected. */
export function ensureCollected(connection: Connection, note: Note, name: string): void {
  ensureNamespace(connection, note, name);
  const idle = queries.updateTable("namespace").set({ collected: 1 }).where("name", "=", name);
  connection.run(idle.where("collected", "=", 0));
}

/** Namespaces that are collected, in the order of their names. */
export function collectedNamespaces(connection: Connection): readonly string[] {
  const query = queries.selectFrom("namespace").select("name").where("collected", "=", 1).orderBy("name");
  return connection.all(query).map(({ name }) => name);
}

/** A namespace is made, or its labels change. @param before its labels; absent: it is new */
export function putNamespace(
  connection: Connection,
  note: Note,
  name: string,
  before: Labels | undefined,
  after: Labels,
): void {
  const labels = labelsToColumn(after);
  connection.run(
    queries
      .insertInto("namespace")
      .values({ name, labels })
      .onConflict((conflict) => conflict.column("name").doUpdateSet({ labels })),
  );
  note({ kind: "namespace", namespace: name, ...(before && { before: { labels: before } }), after: { labels: after } });
}

/** A namespace goes, with its leases. @param before its labels */
export function removeNamespace(connection: Connection, note: Note, name: string, before: Labels): void {
  connection.run(queries.deleteFrom("lease_resource").where("namespace", "=", name));
  connection.run(queries.deleteFrom("lease").where("namespace", "=", name));
  connection.run(queries.deleteFrom("namespace").where("name", "=", name));
  note({ kind: "namespace", namespace: name, before: { labels: before } });
}

/** What the namespaces are kept with. */
export interface NamespaceOptions {
  readonly connection: Connection;
  readonly transactions: Transactions;
  /** Drop the ingests of a namespace that nobody writes. */
  dropIdleIngests(namespace: string): Promise<void>;
}

/** Namespaces as containerd's metadata/namespaces.go keeps them. */
export function createNamespaceStore({ connection, transactions, dropIdleIngests }: NamespaceOptions): NamespaceStore {
  return {
    async labels(name) {
      return findLabels(connection, name) ?? {};
    },

    async list() {
      const rows = connection.all(queries.selectFrom("namespace").selectAll().orderBy("name"));
      return rows.map(({ name, labels }) => ({ name, labels: labelsFromColumn(labels) }));
    },

    async create(name, labels) {
      validateIdentifier(name);
      validateLabels(labels, namespaceLabels);
      const kept = withoutEmptyLabels(labels);
      await transactions.durable((tables, note) => {
        if (findLabels(tables, name)) throw new ContentError("already-exists", `namespace ${goQuote(name)}`);
        putNamespace(tables, note, name, undefined, kept);
      });
    },

    // An unknown namespace is made, as in containerd, unless nothing is asked for.
    async update(name, labels, fieldpaths = []) {
      validateIdentifier(name);
      return await transactions.durable((tables, note) => {
        const before = findLabels(tables, name);
        const after = applyLabels(before ?? {}, labels, fieldpaths, namespaceLabels);
        if (before === undefined && fieldpaths.length === 0 && Object.keys(after).length === 0) return after;
        putNamespace(tables, note, name, before, after);
        return after;
      });
    },

    // Leases, and what nobody writes, go with the namespace, as in containerd; a writer that is under way makes it anew with its commit.
    async delete(name) {
      refuseHeld(connection, name);
      await dropIdleIngests(name);
      await transactions.durable((tables, note) => {
        removeNamespace(tables, note, name, refuseHeld(tables, name));
      });
    },
  };
}

/** @returns the labels of a namespace that may go @throws `failed-precondition` for one that is not empty; `not-found` */
function refuseHeld(connection: Connection, name: string): Labels {
  const left = [
    ...(hasImages(connection, name) ? ["images"] : []),
    ...(readTotals(connection, [name]).count > 0 ? ["blobs"] : []),
  ];
  if (left.length > 0) {
    const text = `namespace ${goQuote(name)} must be empty, but it still has ${left.join(", ")}`;
    throw new ContentError("failed-precondition", text);
  }
  const labels = findLabels(connection, name);
  if (labels === undefined) throw new ContentError("not-found", `namespace ${goQuote(name)}`);
  return labels;
}

/** Labels of a namespace; absent where it is not there. */
export function findLabels(connection: Connection, name: string): Labels | undefined {
  const row = connection.first(queries.selectFrom("namespace").select("labels").where("name", "=", name));
  return row && labelsFromColumn(row.labels);
}
