import type { GcNode } from "../../../content/gc-labels.ts";
import { expiryOf, isFlat } from "../../../content/gc-labels.ts";
import type { Lease } from "../../../content/lease.ts";
import type { Connection } from "../database/connection.ts";
import { queries } from "../database/queries.ts";
import { labelsFromColumn } from "../labels-column.ts";
import { followReferences } from "../references.ts";

/** Where a mark begins. */
export interface Roots {
  /** What stays, with all that it leads to. */
  readonly nodes: readonly GcNode[];
  /** Digests of what stays alone. */
  readonly flat: readonly string[];
  /** Images that stay alone. */
  readonly flatImages: readonly string[];
  /** Images that stay only where something leads to them. */
  readonly expiredImages: readonly string[];
}

/** What of a lease says what it holds. */
export type RootLease = Pick<Lease, "id" | "labels">;

/**
 * What stays in a namespace by itself: images, what leases hold, what has a root label, and what ingests expect.
 *
 * @param nowMs milliseconds since 1970; what has expired by then is no root
 */
export function rootsOf(view: Connection, namespace: string, nowMs: number): Roots {
  const leased = leasesIn(view, namespace).map((lease) => heldBy(view, namespace, lease, nowMs));
  const others = unleasedRoots(view, namespace, nowMs);
  return {
    nodes: [...leased.flatMap(({ nodes }) => nodes), ...others.nodes],
    flat: leased.flatMap(({ flat }) => flat),
    flatImages: leased.flatMap(({ flatImages }) => flatImages),
    expiredImages: others.expiredImages,
  };
}

/** What of the roots of a namespace no lease is needed for. */
export function unleasedRoots(
  view: Connection,
  namespace: string,
  nowMs: number,
): Pick<Roots, "nodes" | "expiredImages"> {
  const images = imagesIn(view, namespace, nowMs);
  const nodes = [...images.nodes, ...followReferences(view, namespace, "root"), ...expectedIn(view, namespace)];
  return { nodes, expiredImages: images.expired };
}

/** The leases of a namespace, also those that are expired. */
export function leasesIn(view: Connection, namespace: string): readonly RootLease[] {
  const leases = queries.selectFrom("lease").select(["id", "labels"]).where("namespace", "=", namespace);
  return view.all(leases).map(({ id, labels }) => ({ id, labels: labelsFromColumn(labels) }));
}

/** What stays because a lease names it; nothing where that is expired. */
export function heldBy(
  view: Connection,
  namespace: string,
  { id, labels }: RootLease,
  nowMs: number,
): Omit<Roots, "expiredImages"> {
  const nodes: GcNode[] = [];
  const flat: string[] = [];
  const flatImages: string[] = [];
  if (isPast(expiryOf(labels), nowMs)) return { nodes, flat, flatImages };
  const held = queries.selectFrom("lease_resource").select(["type", "id"]).where("namespace", "=", namespace);
  for (const resource of view.all(held.where("lease", "=", id).where("type", "in", ["content", "images"]))) {
    const kind = resource.type === "content" ? "content" : "image";
    if (!isFlat(labels)) nodes.push({ kind, key: resource.id });
    else (kind === "content" ? flat : flatImages).push(resource.id);
  }
  return { nodes, flat: [...flat, ...targetsOf(view, namespace, flatImages)], flatImages };
}

function imagesIn(view: Connection, namespace: string, nowMs: number) {
  const nodes: GcNode[] = [];
  const expired: string[] = [];
  const images = queries.selectFrom("image").select(["name", "labels"]).where("namespace", "=", namespace);
  for (const { name, labels } of view.all(images)) {
    if (isPast(expiryOf(labelsFromColumn(labels)), nowMs)) expired.push(name);
    else nodes.push({ kind: "image", key: name });
  }
  return { nodes, expired };
}

/** An ingest holds the blob that it is to become, in case another one becomes it first. */
function expectedIn(view: Connection, namespace: string): readonly GcNode[] {
  const query = queries.selectFrom("ingest").select("expected").distinct().where("namespace", "=", namespace);
  return view.all(query).flatMap(({ expected }) => (expected === null ? [] : [{ kind: "content", key: expected }]));
}

function targetsOf(view: Connection, namespace: string, names: readonly string[]): readonly string[] {
  return names.flatMap((name) => {
    const query = queries
      .selectFrom("image")
      .select("digest")
      .where("namespace", "=", namespace)
      .where("name", "=", name);
    return view.all(query).map(({ digest }) => digest);
  });
}

/** containerd compares to the nanosecond; what expires this very moment has not expired. */
export function isPast(expiresMs: number | undefined, nowMs: number): boolean {
  return expiresMs !== undefined && expiresMs < nowMs;
}
