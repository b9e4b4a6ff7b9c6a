import type { Digest } from "../../content/digest.ts";
import type { Image } from "../../content/image.ts";
import type { Lease, LeaseResource } from "../../content/lease.ts";
import type { Info, Status } from "../../content/store.ts";

/** A blob in a namespace: one row of every list. */
export interface BlobRow {
  readonly namespace: string;
  readonly info: Info;
}

/** An ingest in a namespace, with what the store knows of its writer. */
export interface IngestRow {
  readonly namespace: string;
  readonly status: Status;
  /** Since when a writer holds the ref; absent when nobody does, and where that is not known. */
  readonly lockedAt?: Date;
  /** True: the store is only looked at from time to time, and does not say whether somebody writes. */
  readonly polled?: true;
  /** What is known of that writer, for people; empty when nobody holds the ref. */
  readonly holder: string;
  /** When it is dropped if nobody goes on; absent: never. */
  readonly expiresAt?: Date;
  /** Why the last commit was refused; empty when none was. */
  readonly lastError: string;
}

/** How an ingest ended. A refused commit is not an end. */
export interface IngestOutcome {
  readonly outcome: "committed" | "existed" | "aborted" | "expired" | "unknown";
  /** The blob, where there is one. */
  readonly digest?: Digest;
  /** Bytes committed, or bytes dropped. */
  readonly size: number;
  /** What is known of who ended it; empty: nothing. */
  readonly by: string;
  readonly endedAt: Date;
}

/**
 * One thing that happened in a store. `before` is absent for what is new, `after` for what is gone.
 *
 * Changes of a store are numbered from 1 in the order of their commits, without gaps; the numbers start
 * anew with the process.
 */
export type Change = BlobChange | IngestChange | NamespaceChange | LeaseChange | ImageChange;

export interface BlobChange {
  readonly kind: "blob";
  readonly sequence: number;
  readonly namespace: string;
  readonly digest: Digest;
  readonly before?: BlobRow;
  readonly after?: BlobRow;
  /** Rows of the same digest in other namespaces at that moment, so that bytes can be counted once a digest. */
  readonly elsewhere: readonly BlobRow[];
  /** True: nobody removed it, a collection found that nothing leads to it. */
  readonly collected?: true;
}

export interface IngestChange {
  readonly kind: "ingest";
  readonly sequence: number;
  readonly namespace: string;
  readonly ref: string;
  readonly before?: IngestRow;
  readonly after?: IngestRow;
  /** Set exactly when `after` is absent. */
  readonly end?: IngestOutcome;
}

export interface NamespaceChange {
  readonly kind: "namespace";
  readonly sequence: number;
  readonly namespace: string;
  readonly before?: { readonly labels: Readonly<Record<string, string>> };
  readonly after?: { readonly labels: Readonly<Record<string, string>> };
}

/** Both states are the same where only what it holds changed. */
export interface LeaseChange {
  readonly kind: "lease";
  readonly sequence: number;
  readonly namespace: string;
  readonly id: string;
  readonly before?: Lease;
  readonly after?: Lease;
  /** What came under it. */
  readonly added?: LeaseResource;
  /** What was taken from it. */
  readonly removed?: LeaseResource;
  /** True: nobody removed it, it was expired. */
  readonly collected?: true;
}

export interface ImageChange {
  readonly kind: "image";
  readonly sequence: number;
  readonly namespace: string;
  readonly name: string;
  readonly before?: Image;
  readonly after?: Image;
  /** True: nobody removed it, it was expired. */
  readonly collected?: true;
}

/** A change before the feed numbered it. */
export type Unnumbered<T extends Change = Change> = T extends Change ? Omit<T, "sequence"> : never;
