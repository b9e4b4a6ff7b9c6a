import type { Digest } from "./digest.ts";

/**
 * What can go wrong, as containerd's errdefs names it. One table in content/wire.ts maps each to a Connect code.
 *
 * - `invalid-argument`: the request itself is wrong; nothing was looked at.
 * - `failed-precondition`: right request, wrong state: digest or size mismatch at commit, no namespace, a namespace that is not empty.
 * - `unavailable`: try again: another writer holds the ref, the server stops.
 * - `out-of-range`: an offset that is not the current one, or beyond the end of a blob or a source.
 * - `aborted`: the ingest was dropped under its writer.
 * - `data-loss`: bytes are not those that were promised: stored ones do not match their digest, an answer or a source is
 *   short, too long, or has changed since.
 * - `resource-exhausted`: no space, or over a limit.
 * - `internal`: a defect or an error of the system; the caller sees only an id.
 */
export type ErrorKind =
  | "invalid-argument"
  | "not-found"
  | "already-exists"
  | "failed-precondition"
  | "unavailable"
  | "out-of-range"
  | "aborted"
  | "cancelled"
  | "data-loss"
  | "resource-exhausted"
  | "permission-denied"
  | "unauthenticated"
  | "not-implemented"
  | "internal";

/** What is known of bytes: how many they are, and their digest where it was looked at. */
export interface BytesFacts {
  /** Bytes. */
  readonly size: number;
  readonly digest?: Digest;
}

/** Facts that travel with an error, beside its text. */
export interface ErrorFacts {
  /** `unavailable` because of a lock: the ref, since when, and who holds it (empty: not known). */
  readonly locked?: { readonly ref: string; readonly since: Date; readonly holder: string };
  /** `out-of-range` of a write: where the next byte belongs. */
  readonly offset?: number;
  /** `internal`: the id under which the server's log has the cause. */
  readonly reference?: string;
  /** `invalid-argument` because of a query: the piece at fault, in UTF-16 units; the first column is 1. */
  readonly query?: { readonly column: number; readonly length: number };
  /** `data-loss` that was found here, by a reader or of a source: the bytes that came, and those that were promised. Not on the wire. */
  readonly mismatch?: { readonly got: BytesFacts; readonly want: BytesFacts };
  /** `not-found` of a copy: the blob that is not there, and what names it (absent: the copy was asked for it). Not on the wire. */
  readonly missing?: { readonly digest: Digest; readonly namedBy?: Digest };
}

/** The one error class of stores, clients and server. The message is for people and holds no path of a disk. */
export class ContentError extends Error {
  readonly kind: ErrorKind;
  readonly facts: ErrorFacts;

  constructor(kind: ErrorKind, message: string, options: { cause?: unknown } & ErrorFacts = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "ContentError";
    this.kind = kind;
    const { locked, offset, reference, query, mismatch, missing } = options;
    this.facts = {
      ...(locked && { locked }),
      ...(offset !== undefined && { offset }),
      ...(reference !== undefined && { reference }),
      ...(query && { query }),
      ...(mismatch && { mismatch }),
      ...(missing && { missing }),
    };
  }
}

/** True for a ContentError of that kind. */
export function isKind(error: unknown, kind: ErrorKind): error is ContentError {
  return error instanceof ContentError && error.kind === kind;
}

/** What a call ends with once its signal aborted. @param reason the signal's, kept as the cause; absent: none */
export const cancelled = (reason?: unknown): ContentError =>
  new ContentError("cancelled", "the call was cancelled", { cause: reason });

/** @throws `cancelled`, with the signal's reason as its cause, after the signal aborted */
export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw cancelled(signal.reason);
}
