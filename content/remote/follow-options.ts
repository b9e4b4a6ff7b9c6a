import type { CallScope } from "./call.ts";
import type { Selection } from "./events.ts";
import type { StreamMemory } from "./stream-memory.ts";

/** The times that a live set keeps; all in milliseconds but the count of heartbeats. */
export interface FollowTiming {
  /**
   * How long a stream may take until its first message, a look at blobs without a word, and one at ingests in all; 30 s by
   * default.
   */
  readonly firstMessageMs: number;
  /** So many heartbeats without a message, and the stream is taken for dead; 3 by default. */
  readonly missedHeartbeats: number;
  /** The shortest wait between two tries; 500 ms by default. */
  readonly minDelayMs: number;
  /** The longest wait between two tries; 30 s by default. */
  readonly maxDelayMs: number;
  /** Time between two looks at the ingests of a server without streams; 2 s by default. */
  readonly ingestPollMs: number;
  /** Time between two looks at the blobs of a server without streams; 10 s by default. */
  readonly blobPollMs: number;
}

/** Times that are right for people and servers alike. */
export const defaultTiming: FollowTiming = {
  firstMessageMs: 30_000,
  missedHeartbeats: 3,
  minDelayMs: 500,
  maxDelayMs: 30_000,
  ingestPollMs: 2_000,
  blobPollMs: 10_000,
};

/** Calls `retry` whenever a wait should end now, such as when the page comes back online. @returns a function that ends it */
export type Wake = (retry: () => void) => () => void;

export interface FollowOptions extends CallScope {
  /** Absent: everything in the namespace. */
  readonly selection?: Selection;
  /** Least time between two events about one row; absent: the server's 250 ms. Ends are never held back. */
  readonly minIntervalMs?: number;
  /** Heard while it waits for the next try; absent: nothing shortens a wait. */
  readonly wake?: Wake;
  /** Of the last follow of the same options, whose rows are still held: this one goes on from it. Absent: it begins anew. */
  readonly memory?: StreamMemory;
  /** Absent members are those of defaultTiming. */
  readonly timing?: Partial<FollowTiming>;
}

export interface BlobFollowOptions extends FollowOptions {
  /** One or two of digest, namespace, size, created_at, updated_at, each with an optional ` desc`; absent: digest. */
  readonly orderBy?: string;
  /** A window of so many rows in that order, 1,000 at most; 0 or absent: the whole set. */
  readonly limit?: number;
  /** formatRowKey of a window's first row, which need not be there any more; empty or absent: the first of all. */
  readonly startAt?: string;
}
