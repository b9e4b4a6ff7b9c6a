/**
 * The one contract of a content store, local or remote, bare or under metadata.
 *
 * An ingest's life:
 * - `writer` opens a ref and holds its lock; nobody else can write there until it is closed;
 * - bytes are appended in order; `status` tells how far they got, to anyone, without the lock;
 * - `close` lets go and keeps the bytes, and a later `writer` of the ref goes on at the offset;
 *   `abort` drops them, whoever holds the lock;
 * - `commit` checks size and digest, and the ingest becomes a blob at one instant.
 *
 * A blob is known by `info`, read by `readerAt`, and never changes but for its labels.
 *
 * Behaviour follows containerd's core/content/content.go; every difference is said where it is.
 */

import type { Caller } from "./caller.ts";
import type { Algorithm, Digest } from "./digest.ts";

/** Free key and value pairs of a blob; `{}` when there are none. */
export type Labels = Readonly<Record<string, string>>;

/** What is known of a committed blob. */
export interface Info {
  readonly digest: Digest;
  /** Bytes. */
  readonly size: number;
  readonly createdAt: Date;
  /** When the labels last changed; createdAt when they never did. */
  readonly updatedAt: Date;
  readonly labels: Labels;
}

/** Where a write stands. */
export interface Status {
  readonly ref: string;
  /** Bytes that are on disk. */
  readonly offset: number;
  /** Declared final size in bytes; 0 when unknown. */
  readonly total: number;
  /** Declared digest; absent when unknown. */
  readonly expected?: Digest;
  readonly startedAt: Date;
  /** When bytes last arrived; startedAt when none did. */
  readonly updatedAt: Date;
}

/** What a caller says of a blob before it is there. */
export interface Descriptor {
  /** Absent when unknown. */
  readonly digest?: Digest;
  /** Bytes; 0 or absent when unknown. */
  readonly size?: number;
}

/** A blob that is open for reading. It stays readable after the blob was deleted. Close it on every path. */
export interface ReaderAt extends AsyncDisposable {
  /** Bytes. */
  readonly size: number;
  /**
   * Bytes from `offset` on, in chunks of the store's choosing. A chunk is valid until the next is asked for.
   *
   * @param length bytes wanted; absent or beyond the end: to the end
   * @throws `out-of-range` for an offset below 0 or beyond the end; `data-loss` where bytes do not match the digest
   */
  read(offset: number, length?: number, signal?: AbortSignal): AsyncIterable<Uint8Array>;
  /** Closing twice is no error. */
  close(): Promise<void>;
}

export interface WriterOptions {
  /** The name of the ingest; not empty, 1 KiB of UTF-8 at most. */
  readonly ref: string;
  /** What is declared; a `digest` that is stored already makes the open fail with `already-exists` and drops the ingest. */
  readonly descriptor?: Descriptor;
  /** What to hash with while bytes come; absent: as the declared digest, sha256 without one. */
  readonly algorithm?: Algorithm;
  /**
   * Milliseconds to wait for another writer to let go of the ref; 0: none; absent: the store's short wait. A remote store leaves
   * that to its server.
   */
  readonly waitMs?: number;
}

export interface CommitOptions {
  /** Bytes the blob must have; 0 or absent: not checked. */
  readonly size?: number;
  /** Digest the blob must have; absent: not checked. */
  readonly expected?: Digest;
  /** Labels of the blob. A store without labels refuses any with `failed-precondition`. */
  readonly labels?: Labels;
}

/**
 * The one writer of a ref; it holds the ref's lock until it is closed.
 *
 * Every method but `close` throws `aborted` once somebody aborted the ingest, and `failed-precondition`
 * after a commit or a close. Calls do not overlap: await one before the next.
 */
export interface Writer extends AsyncDisposable {
  readonly ref: string;
  /** Append. The bytes may be reused by the caller once the promise is settled. */
  write(data: Uint8Array): Promise<void>;
  /** Cut the ingest back; only 0 is possible, any other size is `invalid-argument`. */
  truncate(size: number): Promise<void>;
  /** Digest of the bytes so far; a remote writer may not know it before its first answer. */
  digest(): Digest | undefined;
  status(): Promise<Status>;
  /**
   * Check size and digest, make the bytes durable, publish the blob, drop the ingest, let go of the lock.
   * When it fails, the lock is let go too, and the ingest stays, to be resumed, unless the error is `already-exists`.
   *
   * @returns the blob's digest
   * @throws `failed-precondition` on a wrong size or digest; `already-exists` when the blob is there (callers treat it as done)
   */
  commit(options?: CommitOptions): Promise<Digest>;
  /** Let go of the lock, keep the bytes. Closing twice, or after a commit, is no error. */
  close(): Promise<void>;
}

/** Provider, Ingester, IngestManager and Manager of containerd in one. */
export interface Store {
  /** @throws `not-found` */
  info(digest: Digest, signal?: AbortSignal): Promise<Info>;
  /**
   * Replace labels: all of them, or those that `fieldpaths` names (`labels`, `labels.KEY`; an empty value removes).
   *
   * @throws `not-found`; `invalid-argument` for another path or a label over 4096 bytes; `failed-precondition`
   * "update not supported on immutable content store" where the store keeps no labels
   */
  update(info: Pick<Info, "digest" | "labels">, fieldpaths?: readonly string[]): Promise<Info>;
  /**
   * All blobs that match any of the filters (containerd's syntax over digest, size, labels; none: all), lazily,
   * in the order of digests.
   *
   * @throws `invalid-argument` for a filter that does not parse, when the first row is asked for
   */
  walk(filters?: readonly string[], signal?: AbortSignal): AsyncIterable<Info>;
  /** Remove a blob; references are not asked. @throws `not-found` */
  delete(digest: Digest): Promise<void>;
  /** @throws `not-found`; `data-loss` where the bytes are known to be wrong */
  readerAt(descriptor: Descriptor & { readonly digest: Digest }, signal?: AbortSignal): Promise<ReaderAt>;
  /**
   * Open a ref for writing, or go on where its last writer stopped.
   *
   * @throws `unavailable` "ref R locked for D (since T)" when another writer holds it, after the store's short wait;
   * `already-exists` when the declared digest is stored; `failed-precondition`
   * "provided total differs from status: A != B" when a resumed ingest declared another total
   */
  writer(options: WriterOptions, signal?: AbortSignal): Promise<Writer>;
  /** Needs no lock. @throws `not-found` when no ingest has that ref */
  status(ref: string, signal?: AbortSignal): Promise<Status>;
  /** Ingests that match any of the filters (containerd's syntax over ref; none: all), in the order of refs. */
  listStatuses(filters?: readonly string[], signal?: AbortSignal): AsyncIterable<Status>;
  /** Drop an ingest and its bytes, also under a writer. @throws `not-found` */
  abort(ref: string): Promise<void>;
}

/** Whose store: what containerd carries in a context. */
export interface Scope {
  readonly namespace: string;
  /** The lease that what is written belongs to. */
  readonly lease?: string;
  /** Shown as the holder of what it writes. */
  readonly caller?: Caller;
  /** As WriterOptions.waitMs, for all that it writes. */
  readonly waitMs?: number;
}
