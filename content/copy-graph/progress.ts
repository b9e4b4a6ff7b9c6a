import type { Digest } from "../digest.ts";

/** Blobs and their bytes. */
export interface Amount {
  readonly blobs: number;
  readonly bytes: number;
}

/** A blob that is being written. */
export interface ActiveCopy {
  readonly digest: Digest;
  /** Bytes that are there. */
  readonly offset: number;
  /** Bytes in all; 0 when unknown. */
  readonly total: number;
}

/** How far a copy is. */
export interface CopyProgress {
  /** True: everything that is to be copied is known; until then `found` grows. */
  readonly planned: boolean;
  /** What is to be there in the end, as far as it is known: the root and all that it refers to, each once. */
  readonly found: Amount;
  /** What was written. */
  readonly copied: Amount;
  /** What was there already. */
  readonly present: Amount;
  /** Blobs that neither store has and that were left out. */
  readonly missing: readonly Digest[];
  /** In the order in which they began. */
  readonly active: readonly ActiveCopy[];
  /** Bytes that are there, of found.bytes: copied, present, and those of active copies. */
  readonly offset: number;
}

interface Count {
  blobs: number;
  bytes: number;
}

/** What a copy tells of itself while it works. */
export interface CopyState {
  planned: boolean;
  readonly found: Count;
  readonly copied: Count;
  readonly present: Count;
  readonly missing: Digest[];
  readonly active: Map<Digest, { offset: number; readonly total: number }>;
  /** Something changed. */
  touch(): void;
  /** Settled once something changed after it was settled last. */
  changed(): Promise<void>;
}

/** Nothing is known yet. */
export function createCopyState(): CopyState {
  let next = Promise.withResolvers<void>();
  return {
    planned: false,
    found: { blobs: 0, bytes: 0 },
    copied: { blobs: 0, bytes: 0 },
    present: { blobs: 0, bytes: 0 },
    missing: [],
    active: new Map(),
    touch() {
      next.resolve();
    },
    async changed() {
      await next.promise;
      next = Promise.withResolvers();
    },
  };
}

/** One more blob. */
export function count(amount: Count, bytes: number): void {
  amount.blobs += 1;
  amount.bytes += bytes;
}

/** How far a copy is at this moment. */
export function progressOf({ planned, found, copied, present, missing, active }: CopyState): CopyProgress {
  const running = [...active].map(([digest, { offset, total }]) => ({ digest, offset, total }));
  return {
    planned,
    found: { ...found },
    copied: { ...copied },
    present: { ...present },
    missing: [...missing],
    active: running,
    offset: running.reduce((sum, { offset }) => sum + offset, copied.bytes + present.bytes),
  };
}
