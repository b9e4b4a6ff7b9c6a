import type { HeldCatalogRow } from "../../../app/_live/catalog.ts";
import type { CatalogSet } from "../../../app/_live/catalog-events.ts";
import { keyOfRow } from "../../../app/_live/catalog-events.ts";
import type { ImageRow, LeaseRow, NamespaceRow } from "../../../content/catalog.ts";
import { makeDigest } from "../../../content/parse-digest.ts";
import { startMs } from "../_live/rows.ts";

/** An image whose target's digest begins with `hex`. */
export function imageOf(name: string, hex = "aa", changes: Partial<ImageRow> = {}): ImageRow {
  const digest = makeDigest("sha256", hex.padEnd(64, "0"));
  const target = { mediaType: "application/vnd.oci.image.index.v1+json", digest, size: 7, annotations: {} };
  const createdAt = new Date(startMs);
  return {
    namespace: "default",
    image: { name, labels: {}, target, createdAt, updatedAt: createdAt },
    platforms: [],
    blobsPresent: 3,
    blobsNeeded: 3,
    bytes: 1000,
    uniqueBytes: 100,
    predicateTypes: [],
    truncated: false,
    ...changes,
  };
}

/** A lease that was made at a moment. */
export function leaseOf(id: string, createdMs = startMs, changes: Partial<LeaseRow> = {}): LeaseRow {
  return {
    namespace: "default",
    lease: { id, createdAt: new Date(createdMs), labels: {} },
    blobs: 0,
    ingests: 0,
    images: 0,
    snapshots: 0,
    activeIngests: 0,
    ...changes,
  };
}

/** An empty namespace. */
export function namespaceOf(name: string, changes: Partial<NamespaceRow> = {}): NamespaceRow {
  const nothing = { blobs: 0, bytes: 0, onlyBytes: 0, images: 0, leases: 0, ingests: 0 };
  return { name, labels: {}, collected: false, untold: false, ...nothing, ...changes };
}

/** A row as the page holds it. */
export function held<Set extends CatalogSet>(
  row: HeldCatalogRow<Set>["row"],
  changes: Partial<Pick<HeldCatalogRow<Set>, "newAt" | "goneAt">> = {},
): HeldCatalogRow<Set> {
  return { key: keyOfRow(row), row, ...changes };
}
