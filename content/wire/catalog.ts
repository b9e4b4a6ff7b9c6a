import { create } from "@bufbuild/protobuf";
import type {
  GetHoldResponse,
  ImageRow as WireImageRow,
  LeaseRow as WireLeaseRow,
  NamespaceRow as WireNamespaceRow,
  RepositoryRow as WireRepositoryRow,
} from "../../gen/stowage/v1/catalog_pb.js";
import {
  GetHoldResponse_State,
  GetHoldResponseSchema,
  Holder_Kind,
  ImageRowSchema,
  LeaseRowSchema,
  NamespaceRowSchema,
  RepositoryRowSchema,
} from "../../gen/stowage/v1/catalog_pb.js";
import type { Hold, Holder, ImageRow, LeaseRow, NamespaceRow, RepositoryRow } from "../catalog.ts";
import { ContentError } from "../errors.ts";
import { imageFromWire, imageToWire } from "./images.ts";
import { leaseFromWire, leaseToWire } from "./leases.ts";
import { int64FromWire, int64ToWire, timeFromWire, timeToWire } from "./scalars.ts";

const holderKinds: Readonly<Record<Holder["kind"], Holder_Kind>> = {
  image: Holder_Kind.IMAGE,
  lease: Holder_Kind.LEASE,
  root: Holder_Kind.ROOT,
  ingest: Holder_Kind.INGEST,
};

const holdStates: Readonly<Record<Hold["state"], GetHoldResponse_State>> = {
  held: GetHoldResponse_State.HELD,
  doomed: GetHoldResponse_State.DOOMED,
  kept: GetHoldResponse_State.KEPT,
  untold: GetHoldResponse_State.UNTOLD,
};

/** The name whose number that is; absent for a number of a newer server. */
function nameOf<Name extends string>(table: Readonly<Record<Name, number>>, value: number): Name | undefined {
  const names = Object.keys(table) as Name[];
  return names.find((name) => table[name] === value);
}

/** A row of ListImages for the wire. @throws `invalid-argument` for a number that is no safe integer */
export function imageRowToWire(row: ImageRow): WireImageRow {
  return create(ImageRowSchema, {
    namespace: row.namespace,
    image: imageToWire(row.image),
    platforms: row.platforms.map(({ platform, complete }) => ({ platform, complete })),
    blobsPresent: int64ToWire(row.blobsPresent, "blobs_present"),
    blobsNeeded: int64ToWire(row.blobsNeeded, "blobs_needed"),
    bytes: int64ToWire(row.bytes, "bytes"),
    uniqueBytes: int64ToWire(row.uniqueBytes, "unique_bytes"),
    predicateTypes: [...row.predicateTypes],
    truncated: row.truncated,
  });
}

/** A row of ListImages. @throws `invalid-argument` for a row without an image, or one that imageFromWire refuses */
export function imageRowFromWire(row: WireImageRow): ImageRow {
  if (row.image === undefined) throw new ContentError("invalid-argument", "a row without an image");
  return {
    namespace: row.namespace,
    image: imageFromWire(row.image),
    platforms: row.platforms.map(({ platform, complete }) => ({ platform, complete })),
    blobsPresent: int64FromWire(row.blobsPresent, "blobs_present"),
    blobsNeeded: int64FromWire(row.blobsNeeded, "blobs_needed"),
    bytes: int64FromWire(row.bytes, "bytes"),
    uniqueBytes: int64FromWire(row.uniqueBytes, "unique_bytes"),
    predicateTypes: [...row.predicateTypes],
    truncated: row.truncated,
  };
}

/** A repository for the wire. @throws `invalid-argument` for a number that is no safe integer */
export function repositoryRowToWire(row: RepositoryRow): WireRepositoryRow {
  return create(RepositoryRowSchema, {
    namespace: row.namespace,
    repository: row.repository,
    images: int64ToWire(row.images, "images"),
    bytes: int64ToWire(row.bytes, "bytes"),
    overlapBytes: int64ToWire(row.overlapBytes, "overlap_bytes"),
  });
}

/** A repository. @throws `invalid-argument` for a number beyond 2^53-1 */
export function repositoryRowFromWire(row: WireRepositoryRow): RepositoryRow {
  return {
    namespace: row.namespace,
    repository: row.repository,
    images: int64FromWire(row.images, "images"),
    bytes: int64FromWire(row.bytes, "bytes"),
    overlapBytes: int64FromWire(row.overlapBytes, "overlap_bytes"),
  };
}

/** A row of ListLeases for the wire. @throws `invalid-argument` for a number that is no safe integer */
export function leaseRowToWire(row: LeaseRow): WireLeaseRow {
  return create(LeaseRowSchema, {
    namespace: row.namespace,
    lease: leaseToWire(row.lease),
    ...(row.expiresAt && { expiresAt: timeToWire(row.expiresAt) }),
    blobs: int64ToWire(row.blobs, "blobs"),
    ingests: int64ToWire(row.ingests, "ingests"),
    images: int64ToWire(row.images, "images"),
    snapshots: int64ToWire(row.snapshots, "snapshots"),
    activeIngests: int64ToWire(row.activeIngests, "active_ingests"),
    bytes: int64ToWire(row.weight?.bytes ?? 0, "bytes"),
    onlyBytes: int64ToWire(row.weight?.onlyBytes ?? 0, "only_bytes"),
    weighed: row.weight !== undefined,
  });
}

/** A row of ListLeases. @throws `invalid-argument` for a row without a lease, a number beyond 2^53-1 */
export function leaseRowFromWire(row: WireLeaseRow): LeaseRow {
  if (row.lease === undefined) throw new ContentError("invalid-argument", "a row without a lease");
  const expiresAt = timeFromWire(row.expiresAt);
  const bytes = int64FromWire(row.bytes, "bytes");
  const onlyBytes = int64FromWire(row.onlyBytes, "only_bytes");
  return {
    namespace: row.namespace,
    lease: leaseFromWire(row.lease),
    ...(expiresAt && { expiresAt }),
    blobs: int64FromWire(row.blobs, "blobs"),
    ingests: int64FromWire(row.ingests, "ingests"),
    images: int64FromWire(row.images, "images"),
    snapshots: int64FromWire(row.snapshots, "snapshots"),
    activeIngests: int64FromWire(row.activeIngests, "active_ingests"),
    ...(row.weighed && { weight: { bytes, onlyBytes } }),
  };
}

/** A row of ListNamespaces for the wire. @throws `invalid-argument` for a number that is no safe integer */
export function namespaceRowToWire(row: NamespaceRow): WireNamespaceRow {
  return create(NamespaceRowSchema, {
    name: row.name,
    labels: { ...row.labels },
    blobs: int64ToWire(row.blobs, "blobs"),
    bytes: int64ToWire(row.bytes, "bytes"),
    onlyBytes: int64ToWire(row.onlyBytes, "only_bytes"),
    images: int64ToWire(row.images, "images"),
    leases: int64ToWire(row.leases, "leases"),
    ingests: int64ToWire(row.ingests, "ingests"),
    collected: row.collected,
    untold: row.untold,
  });
}

/** A row of ListNamespaces. @throws `invalid-argument` for a number beyond 2^53-1 */
export function namespaceRowFromWire(row: WireNamespaceRow): NamespaceRow {
  return {
    name: row.name,
    labels: { ...row.labels },
    blobs: int64FromWire(row.blobs, "blobs"),
    bytes: int64FromWire(row.bytes, "bytes"),
    onlyBytes: int64FromWire(row.onlyBytes, "only_bytes"),
    images: int64FromWire(row.images, "images"),
    leases: int64FromWire(row.leases, "leases"),
    ingests: int64FromWire(row.ingests, "ingests"),
    collected: row.collected,
    untold: row.untold,
  };
}

/** What keeps a blob, for the wire. */
export function holdToWire({ state, holders, complete }: Hold): GetHoldResponse {
  return create(GetHoldResponseSchema, {
    state: holdStates[state],
    holders: holders.map(({ kind, key, distance }) => ({ kind: holderKinds[kind], key, distance })),
    complete,
  });
}

/** What keeps a blob. A state that is not known holds, and a holder of a kind that is not known is left out, as one more. */
export function holdFromWire({ state, holders, complete }: GetHoldResponse): Hold {
  const known = holders.flatMap(({ kind, key, distance }): readonly Holder[] => {
    const name = nameOf(holderKinds, kind);
    return name === undefined ? [] : [{ kind: name, key, distance }];
  });
  return {
    state: nameOf(holdStates, state) ?? "held",
    holders: known,
    complete: complete && known.length === holders.length,
  };
}
