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
