import { isKind } from "../../content/errors.ts";
import type { Image } from "../../content/image.ts";
import { microsOf } from "../../content/instant.ts";
import type { Lease, LeaseResource } from "../../content/lease.ts";
import { queries } from "../metadata/database/queries.ts";
import { putImage, removeImage } from "../metadata/image-rows.ts";
import { walkImages } from "../metadata/images.ts";
import { labelsToColumn } from "../metadata/labels-column.ts";
import { addResource, putLease, removeLease, removeResource } from "../metadata/lease-rows.ts";
import { walkLeases } from "../metadata/leases.ts";
import { findLabels, putNamespace, removeNamespace } from "../metadata/namespaces.ts";
import type { Work } from "../metadata/transactions.ts";
import type { Asking } from "./asking.ts";
import type { BlobLook } from "./blob-look.ts";
import { lookAtBlobs } from "./blob-look.ts";
import type { MirrorCore } from "./core.ts";
import type { SourceNamespace } from "./source.ts";

/** Changes of one transaction. */
const changesAtOnce = 50;

/** Names of the namespaces that have rows, in order. */
export function namesOf({ rows }: Pick<MirrorCore, "rows">): readonly string[] {
  const query = queries.selectFrom("namespace").select("name").orderBy("name");
  return rows.database.main.all(query).map(({ name }) => name);
}

/** Take over which namespaces there are, and their labels. What was in one that is gone goes with it. */
export async function lookAtNamespaces(core: MirrorCore, look: BlobLook): Promise<readonly string[]> {
  using _held = await core.lists.hold("namespaces");
  const told = await look.ask.one((signal) => core.source.namespaces(signal));
  const found = core.accept.namespaces(told);
  const names = new Set(found.map(({ name }) => name));
  await inTransactions(core, found, (namespace) => applyNamespace(core, namespace));
  for (const name of namesOf(core)) if (!names.has(name)) await dropNamespace(core, name, look);
  return [...names].sort();
}

function applyNamespace({ source }: MirrorCore, { name, labels }: SourceNamespace): Work<void> {
  return (tables, note) => {
    const before = findLabels(tables, name);
    if (before === undefined || labelsToColumn(before) !== labelsToColumn(labels)) {
      putNamespace(tables, note, name, before, labels);
    }
    const collected = source.collects ? 1 : 0;
    tables.run(queries.updateTable("namespace").set({ collected }).where("name", "=", name));
  };
}

async function dropNamespace(core: MirrorCore, name: string, look: BlobLook): Promise<void> {
  const { database, transactions } = core.rows;
  await lookAtBlobs(core, name, look, nothing());
  const images = await Array.fromAsync(walkImages(database.main, name));
  await inTransactions(
    core,
    images,
    (image): Work<void> =>
      (tables, note) =>
        removeImage(tables, note, name, image),
  );
  const leases = await Array.fromAsync(walkLeases(database.main, name));
  await inTransactions(
    core,
    leases,
    (lease): Work<void> =>
      (tables, note) =>
        removeLease(tables, note, name, lease),
  );
  await transactions.brief((tables, note) => {
    const labels = findLabels(tables, name);
    if (labels !== undefined) removeNamespace(tables, note, name, labels);
  });
}

async function* nothing(): AsyncGenerator<never, void, undefined> {}

/** Take over the images of a namespace. */
export async function lookAtImages(core: MirrorCore, namespace: string, ask: Asking): Promise<void> {
  const { images } = core.source;
  if (images === undefined) return;
  using _held = await core.lists.hold(`images ${namespace}`);
  const before = new Map<string, Image>();
  for await (const image of walkImages(core.rows.database.main, namespace)) before.set(image.name, image);
  const changed: Image[] = [];
  const gone = new Map(before);
  for await (const told of ask.each((signal) => images.list(namespace, signal))) {
    const image = core.accept.image(namespace, told);
    if (image === undefined) continue;
    const known = gone.get(image.name);
    gone.delete(image.name);
    if (known === undefined || !isSameImage(known, image)) changed.push(image);
  }
  await inTransactions(
    core,
    [...gone.values()],
    (image): Work<void> =>
      (tables, note) =>
        removeImage(tables, note, namespace, image),
  );
  await inTransactions(
    core,
    changed,
    (image): Work<void> =>
      (tables, note) =>
        putImage(tables, note, namespace, before.get(image.name), image),
  );
}

function isSameImage(one: Image, other: Image): boolean {
  return textOfImage(one) === textOfImage(other);
}

/** Labels are in order, by what is accepted. */
function textOfImage({ labels, target, createdAt, updatedAt }: Image): string {
  const { mediaType, digest, size, annotations } = target;
  return JSON.stringify([labels, mediaType, digest, size, annotations, microsOf(createdAt), microsOf(updatedAt)]);
}

/**
 * Take over the leases of a namespace, and what they hold.
 *
 * @param only whose resources are asked for; absent: those of all
 */
export async function lookAtLeases(core: MirrorCore, namespace: string, ask: Asking, only?: string): Promise<void> {
  const { leases } = core.source;
  if (leases === undefined) return;
  using _held = await core.lists.hold(`leases ${namespace}`);
  const gone = new Map<string, Lease>();
  for await (const lease of walkLeases(core.rows.database.main, namespace)) gone.set(lease.id, lease);
  for await (const told of ask.each((signal) => leases.list(namespace, signal))) {
    const lease = core.accept.lease(namespace, told);
    if (lease === undefined) continue;
    const before = gone.get(lease.id);
    gone.delete(lease.id);
    const wantsHeld = only === undefined || only === lease.id;
    const held = wantsHeld ? await resourcesAtSource(core, namespace, lease.id, ask) : undefined;
    await applyLease(core, namespace, before, lease, held);
  }
  await inTransactions(
    core,
    [...gone.values()],
    (lease): Work<void> =>
      (tables, note) =>
        removeLease(tables, note, namespace, lease),
  );
}

/** What a lease holds; nothing where it went meanwhile. */
async function resourcesAtSource(
  { source, accept }: MirrorCore,
  namespace: string,
  id: string,
  ask: Asking,
): Promise<readonly LeaseResource[]> {
  const held: LeaseResource[] = [];
  try {
    for await (const told of ask.each((signal) => source.leases?.resources(namespace, id, signal) ?? nothing())) {
      const resource = accept.resource(namespace, told);
      if (resource !== undefined) held.push(resource);
    }
  } catch (error) {
    if (!isKind(error, "not-found")) throw error;
  }
  return held;
}

/** @param told what it holds; absent: that was not asked for */
async function applyLease(
  core: MirrorCore,
  namespace: string,
  before: Lease | undefined,
  lease: Lease,
  told: readonly LeaseResource[] | undefined,
): Promise<void> {
  const isSame =
    before !== undefined &&
    labelsToColumn(before.labels) === labelsToColumn(lease.labels) &&
    microsOf(before.createdAt) === microsOf(lease.createdAt);
  const held = before === undefined ? [] : storedResources(core, namespace, lease.id);
  const heldNames = new Set(held.map(nameOf));
  const toldNames = new Set((told ?? held).map(nameOf));
  const added = (told ?? []).filter((resource) => !heldNames.has(nameOf(resource)));
  const removed = held.filter((resource) => !toldNames.has(nameOf(resource)));
  if (isSame && added.length + removed.length === 0) return;
  await core.rows.transactions.brief((tables, note) => {
    if (!isSame) putLease(tables, note, namespace, before, lease);
    for (const resource of removed) removeResource(tables, note, namespace, lease, resource);
    for (const resource of added) addResource(tables, note, namespace, lease, resource);
  });
}

function storedResources({ rows }: MirrorCore, namespace: string, id: string): readonly LeaseResource[] {
  const query = queries.selectFrom("lease_resource").select(["type", "id"]).where("namespace", "=", namespace);
  return rows.database.main.all(query.where("lease", "=", id));
}

function nameOf({ type, id }: LeaseResource): string {
  return `${type} ${id}`;
}

/** Make a change for each, some to a transaction. */
async function inTransactions<T>({ rows }: MirrorCore, items: readonly T[], change: (item: T) => Work<void>) {
  for (let at = 0; at < items.length; at += changesAtOnce) {
    const some = items.slice(at, at + changesAtOnce);
    await rows.transactions.brief((tables, note) => {
      for (const item of some) change(item)(tables, note);
    });
  }
}
