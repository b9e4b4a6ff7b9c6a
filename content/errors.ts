/**
 * What can go wrong, as containerd's errdefs names it. One table in content/wire.ts maps each to a Connect code.
 *
 * - `invalid-argument`: the request itself is wrong; nothing was looked at.
 * - `failed-precondition`: right request, wrong state: digest or size mismatch at commit, no namespace, a namespace that is not empty.
 * - `unavailable`: try again: another writer holds the ref, the server stops.
 * - `out-of-range`: an offset that is not the current one, or beyond a blob's end.
 * - `aborted`: the ingest was dropped under its writer.
 * - `data-loss`: stored bytes do not match their digest.
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
}

/** The one error class of stores, clients and server. The message is for people and holds no path of a disk. */
export class ContentError extends Error {
  readonly kind: ErrorKind;
  readonly facts: ErrorFacts;

  constructor(kind: ErrorKind, message: string, options: { cause?: unknown } & ErrorFacts = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "ContentError";
    this.kind = kind;
    const { locked, offset, reference, query } = options;
    this.facts = {
      ...(locked && { locked }),
      ...(offset !== undefined && { offset }),
      ...(reference !== undefined && { reference }),
      ...(query && { query }),
    };
  }
}

/** True for a ContentError of that kind. */
export function isKind(error: unknown, kind: ErrorKind): error is ContentError {
  return error instanceof ContentError && error.kind === kind;
}

/** What a call ends with once its signal aborted. */
export const cancelled = (): ContentError => new ContentError("cancelled", "the call was cancelled");

/** @throws `cancelled` after the signal aborted */
export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw cancelled();
}
