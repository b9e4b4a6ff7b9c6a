import { setImmediate as nextTurn } from "node:timers/promises";
import type { Hold, Holder } from "../../../content/catalog.ts";
import type { Digest } from "../../../content/digest.ts";
import { throwIfCancelled } from "../../../content/errors.ts";
import type { GcNode, NodeKind } from "../../../content/gc-labels.ts";
import { expiryOf, isFlat } from "../../../content/gc-labels.ts";
import { requireBlob } from "../blobs.ts";
import { isPast } from "../collection/roots.ts";
import type { Core } from "../core.ts";
import { queries } from "../database/queries.ts";
import { findImage } from "../image-rows.ts";
import { labelsFromColumn } from "../labels-column.ts";
import { collectedNamespaces } from "../namespaces.ts";

/** Things on the way up that are looked at. */
const maxSteps = 10_000;

/** Of these, in one turn of the event loop. */
const stepsOfTurn = 100;

/** Holders that are told. */
const maxHolders = 100;

/** A thing on the way up from a blob, which is 0 steps from itself. */
interface Place {
  readonly node: GcNode;
  readonly distance: number;
  /** True: the place of the blob itself, or of an image that stands for it: a flat lease holds that, and no more. */
  readonly flat: boolean;
}

type Parts = Pick<Core, "connection" | "writers" | "backends">;

/** What keeps a blob; see CatalogReads.hold. It says what a collection does (collection/mark.ts) from the other end. */
export async function holdOf(core: Parts, namespace: string, digest: Digest, signal?: AbortSignal): Promise<Hold> {
  const blob: Place = { node: { kind: "content", key: digest }, distance: 0, flat: true };
  requireBlob(core.connection, namespace, digest);
  const holders = createHolders();
  const seen = new Set<string>();
  const waiting = [blob];
  let steps = 0;
  for (let next = 0; next < waiting.length && steps < maxSteps; next += 1) {
    const place = waiting[next];
    if (place === undefined) break;
    const name = `${place.node.kind} ${place.node.key}`;
    if (seen.has(name)) continue;
    seen.add(name);
    steps += 1;
    for (const holder of holdersAt(core, namespace, place, Date.now())) holders.add(holder);
    // Of what leads to very many things only so much is looked at.
    waiting.push(...placesAbove(core, namespace, place, maxSteps - steps + 1));
    if (steps % stepsOfTurn === 0) {
      await nextTurn();
      throwIfCancelled(signal);
    }
  }
  const isWhole = steps < maxSteps;
  const told = holders.told();
  // What was not looked at may hold it.
  const isHeld = told.length > 0 || !isWhole;
  return {
    state: isHeld ? "held" : stateOfUnheld(core, namespace),
    holders: told,
    complete: isWhole && !holders.isMore,
  };
}

/** Of what nothing holds that is told here. */
function stateOfUnheld({ connection, backends }: Parts, namespace: string): Hold["state"] {
  if (backends.has(namespace)) return "untold";
  return collectedNamespaces(connection).includes(namespace) ? "doomed" : "kept";
}

/** Holders as they are found, each once. */
function createHolders() {
  const images = new Map<string, Holder>();
  const others = new Map<string, Holder>();
  let isMore = false;
  return {
    add(holder: Holder): void {
      const into = holder.kind === "image" ? images : others;
      const name = `${holder.kind} ${holder.key}`;
      // The way up goes by steps: the first way found is a shortest one.
      if (into.has(name)) return;
      if (into.size < maxHolders) into.set(name, holder);
      else isMore = true;
    },
    told: (): readonly Holder[] => [...images.values(), ...others.values()].slice(0, maxHolders),
    get isMore() {
      return isMore || images.size + others.size > maxHolders;
    },
  };
}

/** What leads to a thing, by its own labels or those of others. */
function placesAbove({ connection }: Parts, namespace: string, at: Place, most: number): readonly Place[] {
  const { node, distance, flat } = at;
  const query = queries
    .selectFrom("reference")
    .select(["from_kind", "from_key", "label"])
    .where("namespace", "=", namespace)
    .where("to_kind", "=", node.kind)
    .where("to_key", "=", node.key)
    .where("from_kind", "!=", "root")
    // The target of an image first: a second way to the same thing is not looked at.
    .orderBy("label")
    .limit(most);
  return connection.all(query).map(({ from_kind, from_key, label }) => ({
    node: { kind: from_kind as NodeKind, key: from_key },
    distance: distance + 1,
    flat: flat && distance === 0 && label === "",
  }));
}

function holdersAt(core: Parts, namespace: string, place: Place, nowMs: number): readonly Holder[] {
  const { node, distance } = place;
  const leases = leasesAt(core, namespace, place, nowMs);
  if (node.kind === "content") {
    return [...leases, ...rootsAt(core, namespace, place), ...ingestsAt(core, namespace, place, nowMs)];
  }
  const image = findImage(core.connection, namespace, node.key);
  if (image === undefined || isPast(expiryOf(image.labels), nowMs)) return leases;
  return [{ kind: "image", key: node.key, distance }, ...leases];
}

function leasesAt({ connection }: Parts, namespace: string, place: Place, nowMs: number): readonly Holder[] {
  const { node, distance, flat } = place;
  const type = node.kind === "content" ? "content" : "images";
  return leasesOf(connection, namespace, type, node.key, nowMs).flatMap(({ id, labels }): readonly Holder[] => {
    return isFlat(labels) && !flat ? [] : [{ kind: "lease", key: id, distance: distance + 1 }];
  });
}

/** Leases that name a resource and are not expired. */
function leasesOf(connection: Core["connection"], namespace: string, type: string, key: string, nowMs: number) {
  const query = queries
    .selectFrom("lease_resource")
    .innerJoin("lease", (join) =>
      join.onRef("lease.namespace", "=", "lease_resource.namespace").onRef("lease.id", "=", "lease_resource.lease"),
    )
    .select(["lease.id", "lease.labels"])
    .where("lease_resource.namespace", "=", namespace)
    .where("lease_resource.type", "=", type)
    .where("lease_resource.id", "=", key);
  const leases = connection.all(query).map(({ id, labels }) => ({ id, labels: labelsFromColumn(labels) }));
  return leases.filter(({ labels }) => !isPast(expiryOf(labels), nowMs));
}

function rootsAt({ connection }: Parts, namespace: string, { node, distance }: Place): readonly Holder[] {
  const query = queries
    .selectFrom("reference")
    .select("to_key")
    .where("namespace", "=", namespace)
    .where("to_kind", "=", node.kind)
    .where("to_key", "=", node.key)
    .where("from_kind", "=", "root")
    .limit(1);
  return connection.all(query).map(({ to_key }) => ({ kind: "root", key: to_key, distance: distance + 1 }));
}

/** Ingests that are to become a blob, but for those that a collection drops first, because their lease is gone. */
function ingestsAt({ connection, writers }: Parts, namespace: string, place: Place, nowMs: number): readonly Holder[] {
  const { node, distance } = place;
  const query = queries.selectFrom("ingest").select(["id", "ref", "expires_at"]).where("namespace", "=", namespace);
  return connection.all(query.where("expected", "=", node.key)).flatMap(({ id, ref, expires_at }) => {
    const stays =
      expires_at !== null ||
      writers.get(id) !== undefined ||
      leasesOf(connection, namespace, "ingests", ref, nowMs).length > 0;
    return stays ? [{ kind: "ingest", key: ref, distance: distance + 1 }] : [];
  });
}
