import { create } from "@bufbuild/protobuf";
import type { Lease as WireLease } from "../../gen/containerd/services/leases/v1/leases_pb.js";
import { LeaseSchema } from "../../gen/containerd/services/leases/v1/leases_pb.js";
import type { Lease } from "../lease.ts";
import { timeToWire } from "./scalars.ts";

/** A Lease for the wire. */
export function leaseToWire({ id, createdAt, labels }: Lease): WireLease {
  return create(LeaseSchema, { id, createdAt: timeToWire(createdAt), labels: { ...labels } });
}
