import { setImmediate as nextTurn } from "node:timers/promises";
import { digestFault } from "../../content/digest.ts";
import { ContentError, throwIfCancelled } from "../../content/errors.ts";
import { compileFilters, leaseAdaptor } from "../../content/filters.ts";
import { gcLabels } from "../../content/gc-labels.ts";
import { validateKey } from "../../content/identifiers.ts";
import { validateLabels, withoutEmptyLabels } from "../../content/labels.ts";
import type { Lease, LeaseResource } from "../../content/lease.ts";
import { goQuote } from "../../content/quote.ts";
import { now } from "../clock.ts";
import type { LeaseStore } from "./catalog-stores.ts";
import type { Core } from "./core.ts";
import type { Connection } from "./database/connection.ts";
import { queries } from "./database/queries.ts";
import { addResource, findLease, pageLeases, putLease, removeLease, removeResource } from "./lease-rows.ts";
import { ensureCollected } from "./namespaces.ts";

/** Rows that are read in one turn of the event loop. */
const pageRows = 250;

/** Leases as containerd's metadata/leases.go keeps them. */
export function createLeaseStore({ connection, transactions }: Pick<Core, "connection" | "transactions">): LeaseStore {
  return {
    async create(namespace, id, labels) {
      validateKey(id, "lease id");
      validateLabels(labels, { field: "lease.Labels" });
      const kept = withoutEmptyLabels(labels);
      return await transactions.durable((tables, note) => {
        if (findLease(tables, namespace, id)) throw new ContentError("already-exists", `lease ${goQuote(id)}`);
        ensureCollected(tables, note, namespace);
        const lease: Lease = { id, createdAt: now(), labels: kept };
        putLease(tables, note, namespace, undefined, lease);
        return lease;
      });
    },

    async extend(namespace, id, expiresAt) {
      if (expiresAt !== undefined && expiresAt.getTime() <= Date.now()) {
        throw new ContentError("invalid-argument", `expires_at ${expiresAt.toISOString()} is past`);
      }
      return await transactions.durable((tables, note) => {
        const before = named(tables, namespace, id);
        const { [gcLabels.expire]: _, ...others } = before.labels;
        const labels = expiresAt ? { ...others, [gcLabels.expire]: expiresAt.toISOString() } : others;
        const after: Lease = { ...before, labels };
        putLease(tables, note, namespace, before, after);
        return after;
      });
    },

    async delete(namespace, id) {
      await transactions.durable((tables, note) => removeLease(tables, note, namespace, named(tables, namespace, id)));
    },

    async list(namespace, filters = [], signal) {
      const passes = compileFilters(filters);
      const found: Lease[] = [];
      for await (const lease of walkLeases(connection, namespace)) {
        throwIfCancelled(signal);
        if (passes(leaseAdaptor(lease))) found.push(lease);
      }
      return found;
    },

    async addResource(namespace, id, resource) {
      await transactions.durable((tables, note) => {
        const lease = named(tables, namespace, id);
        validateResource(resource);
        addResource(tables, note, namespace, lease, resource);
      });
    },

    async deleteResource(namespace, id, resource) {
      await transactions.durable((tables, note) => {
        const lease = named(tables, namespace, id);
        validateResource(resource);
        removeResource(tables, note, namespace, lease, resource);
      });
    },

    async resources(namespace, id) {
      named(connection, namespace, id);
      const held = queries.selectFrom("lease_resource").select(["type", "id"]).where("namespace", "=", namespace);
      return connection.all(held.where("lease", "=", id).orderBy("type").orderBy("id"));
    },
  };
}

/** The leases of a namespace in the order of their ids, with a turn of the event loop after each page. */
export async function* walkLeases(connection: Connection, namespace: string): AsyncGenerator<Lease, void, undefined> {
  let after: string | undefined = "";
  do {
    const page = pageLeases(connection, namespace, after, pageRows);
    yield* page;
    after = page.length < pageRows ? undefined : page.at(-1)?.id;
    await nextTurn();
  } while (after !== undefined);
}

/** @throws `not-found`, in containerd's words */
function named(connection: Connection, namespace: string, id: string): Lease {
  const lease = findLease(connection, namespace, id);
  if (lease === undefined) throw new ContentError("not-found", `lease ${goQuote(id)}`);
  return lease;
}

/** @throws `invalid-argument`, `not-implemented`, in containerd's words (metadata/leases.go, parseLeaseResource) */
function validateResource({ type, id }: LeaseResource): void {
  const [kind = "", ...rest] = type.split("/");
  switch (kind) {
    case "content":
    case "ingests":
    case "images":
      if (rest.length > 0) throw new ContentError("invalid-argument", `invalid resource type ${type}`);
      break;
    case "snapshots":
      if (rest.length !== 1) throw new ContentError("invalid-argument", `invalid snapshot resource type ${type}`);
      break;
    default:
      throw new ContentError("not-implemented", `resource type ${type} not supported yet`);
  }
  const fault = kind === "content" ? digestFault(id) : undefined;
  if (fault !== undefined) throw new ContentError("invalid-argument", `invalid content resource id ${id}: ${fault}`);
  validateKey(type, "resource type");
  validateKey(id, "resource id");
}
