import { expiryOf } from "./gc-labels.ts";
import type { Labels } from "./store.ts";

/** Keeps what a client is still working on from being collected. */
export interface Lease {
  readonly id: string;
  readonly createdAt: Date;
  /** `containerd.io/gc.expire` and `containerd.io/gc.flat` mean something: see gc-labels.ts. */
  readonly labels: Labels;
}

/** What a lease holds; it need not be there. */
export interface LeaseResource {
  /** `content`, `ingests`, `images`, or `snapshots/` and the name of a snapshotter. */
  readonly type: string;
  /** Of `content` a digest, of `ingests` a ref, of `images` a name. */
  readonly id: string;
}

/** A lease without an end is forgotten by whoever made it when it is older than this, in milliseconds. */
const leakedAfterMs = 24 * 60 * 60_000;

/** True for a lease that never expires by itself and is older than a day. @param nowMs by the server's clock, since 1970 */
export function isLeaked({ createdAt, labels }: Pick<Lease, "createdAt" | "labels">, nowMs: number): boolean {
  return expiryOf(labels) === undefined && nowMs - createdAt.getTime() > leakedAfterMs;
}
