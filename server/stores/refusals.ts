import { declaredSize } from "../../content/descriptor.ts";
import type { Digest } from "../../content/digest.ts";
import { ContentError } from "../../content/errors.ts";
import { parseDigest } from "../../content/parse-digest.ts";
import type { CommitOptions, Labels } from "../../content/store.ts";

/** What every bare store says alike, in containerd's words where it has them (content/local). */

export const noSuchBlob = (digest: Digest): ContentError => new ContentError("not-found", `content ${digest}`);

export const blobExists = (digest: Digest): ContentError => new ContentError("already-exists", `content ${digest}`);

export const wrongBytes = (digest: Digest, cause?: unknown): ContentError =>
  new ContentError("data-loss", `content ${digest}: bytes do not match the digest`, { cause });

export const noSuchIngest = (ref: string): ContentError => new ContentError("not-found", `reference ${ref}`);

export const ingestAborted = (ref: string, cause?: unknown): ContentError =>
  new ContentError("aborted", `ingest ${ref} was aborted`, { cause });

export const writerClosed = (ref: string): ContentError =>
  new ContentError("failed-precondition", `writer of ref ${ref} is closed`);

export const readerClosed = (): ContentError => new ContentError("failed-precondition", "reader is closed");

export const storeClosed = (): ContentError => new ContentError("unavailable", "the store is closed");

/** @throws `aborted` once the ingest was dropped */
export function throwIfAborted({ aborted, ref }: { readonly aborted: boolean; readonly ref: string }): void {
  if (aborted) throw ingestAborted(ref);
}

/** A bare store keeps no labels. @throws `failed-precondition` */
export function refuseUpdate(): never {
  throw new ContentError("failed-precondition", "update not supported on immutable content store");
}

/** @throws `failed-precondition` where there is any */
export function refuseLabels(labels: Labels | undefined): void {
  if (labels !== undefined && Object.keys(labels).length > 0) refuseUpdate();
}

/** @throws `invalid-argument` for any size but 0 */
export function checkTruncate(size: number): void {
  if (size !== 0) throw new ContentError("invalid-argument", `truncate to ${size}: only 0 is possible`);
}

/** @throws `failed-precondition` where a resumed ingest declared another total; 0 is none */
export function checkTotal(wanted: number, before: number): void {
  if (wanted > 0 && before > 0 && wanted !== before) {
    const text = `provided total differs from status: ${wanted} != ${before}`;
    throw new ContentError("failed-precondition", text);
  }
}

/** What a blob must have, as a commit says it, or else as it was declared before. */
export interface Wanted {
  /** Bytes; 0: not checked. */
  readonly size: number;
  /** Absent: not checked. */
  readonly expected: Digest | undefined;
}

/** @throws `invalid-argument` for what is no size or digest; `failed-precondition` for labels */
export function wantedOf(
  { size, expected, labels }: CommitOptions,
  declared: { readonly total: number; readonly expected: Digest | undefined },
): Wanted {
  refuseLabels(labels);
  return {
    size: declaredSize(size) ?? declared.total,
    expected: expected === undefined ? declared.expected : parseDigest(expected),
  };
}

/** @throws `failed-precondition` for a size other than the wanted one */
export function checkSize(wanted: Wanted, size: number): void {
  if (wanted.size > 0 && wanted.size !== size) {
    throw new ContentError("failed-precondition", `unexpected commit size ${size}, expected ${wanted.size}`);
  }
}

/** @throws `failed-precondition` for a digest other than the wanted one */
export function checkDigest({ expected }: Wanted, digest: Digest): void {
  if (expected !== undefined && expected !== digest) {
    throw new ContentError("failed-precondition", `unexpected commit digest ${digest}, expected ${expected}`);
  }
}

/**
 * Where a read ends.
 *
 * @param length absent: to the end
 * @throws `out-of-range` for an offset below 0 or beyond the end
 */
export function endOfRead(size: number, offset: number, length = size): number {
  if (!(offset >= 0)) throw new ContentError("out-of-range", `read at offset ${offset} before the start`);
  if (offset > size) throw new ContentError("out-of-range", `read past object length ${size} bytes`);
  return offset + Math.max(0, Math.min(length, size - offset));
}
