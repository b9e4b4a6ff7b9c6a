import { create } from "@bufbuild/protobuf";
import type {
  Lease as WireLease,
  Resource as WireResource,
} from "../../gen/containerd/services/leases/v1/leases_pb.js";
import { LeaseSchema } from "../../gen/containerd/services/leases/v1/leases_pb.js";
import type { Lease, LeaseResource } from "../lease.ts";
import { timeFromWire, timeToWire, unknownTime } from "./scalars.ts";

/** A Lease for the wire. */
export function leaseToWire({ id, createdAt, labels }: Lease): WireLease {
  return create(LeaseSchema, { id, createdAt: timeToWire(createdAt), labels: { ...labels } });
}

/** A Lease of the wire. @throws `invalid-argument` for a time that no Date can hold */
export function leaseFromWire({ id, createdAt, labels }: WireLease): Lease {
  return { id, createdAt: timeFromWire(createdAt) ?? unknownTime, labels: { ...labels } };
}

/** What a lease holds, as the wire tells it. */
export function leaseResourceFromWire({ type, id }: WireResource): LeaseResource {
  return { type, id };
}
