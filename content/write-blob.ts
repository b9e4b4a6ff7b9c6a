import { declaredSize } from "./descriptor.ts";
import type { Algorithm, Digest } from "./digest.ts";
import { algorithmOf } from "./digest.ts";
import { ContentError, isKind, throwIfCancelled } from "./errors.ts";
import type { OpenWriterOptions } from "./open-writer.ts";
import { isLocked, openWriter } from "./open-writer.ts";
import { createRetries } from "./retries.ts";
import type { Source } from "./source.ts";
import { sizeError } from "./sources/mismatch.ts";
import type { Pieces } from "./sources/pieces.ts";
import { openPieces } from "./sources/pieces.ts";
import type { Descriptor, Labels, Store, Writer } from "./store.ts";

export interface WriteBlobOptions extends OpenWriterOptions {
  /** Labels of the blob; a blob that is there already keeps its own. */
  readonly labels?: Labels;
  /** As WriterOptions.algorithm. */
  readonly algorithm?: Algorithm;
  /**
   * Told where the ingest stands, in bytes: once it is open, after every piece, and lower again where it is cut back or
   * the server lost bytes. Never told of a blob that was there.
   */
  readonly onProgress?: (offset: number) => void;
  /** Most bytes that are written in one go; absent: 1 MiB, which is what one message of a streamed write holds. */
  readonly pieceBytes?: number;
  /**
   * What to do with an ingest that cannot become the blob: it is longer, or its bytes before ours are wrong. Absent or
   * `begin-anew`: it is cut back to 0 and written anew, once, where the source can be opened again; `fail`: that is the error.
   */
  readonly wrongIngest?: "begin-anew" | "fail";
}

/**
 * Writes a blob: goes on where the ingest of that ref stands, and commits with the declared size and digest
 * (containerd's core/content/helpers.go WriteBlob and Copy). A blob that is there already is done, and nothing of the
 * source is read.
 *
 * A write that was cut is opened again and goes on at the server's offset, in smaller pieces while it gets nowhere.
 * Bytes that the server has are sent once, and the source is opened again only when it has lost some. However it ends,
 * no lock is left, and the ingest can be gone on with.
 *
 * @param descriptor what is declared; without a digest nothing tells a blob that is there, nor whether an ingest is of
 * these bytes; without a size the source's is declared
 * @returns the blob's digest
 * @throws `data-loss` for a source with more or fewer bytes than its size or the declared one, its facts say how many;
 * `out-of-range` for an ingest that is longer than the blob; `failed-precondition` for wrong bytes, for an ingest that was declared with
 * another size, and for a source that would have to be opened again and cannot; what the source throws, `unavailable` where that is no ContentError; `cancelled` after the
 * signal aborted, the signal's reason as its cause; `unavailable` when retries or `timeoutMs` are used up; whatever the
 * store throws
 */
export async function writeBlob(
  store: Pick<Store, "writer">,
  ref: string,
  source: Source,
  descriptor: Descriptor = {},
  options: WriteBlobOptions = {},
): Promise<Digest> {
  const { signal } = options;
  throwIfCancelled(signal);
  const size = sizeOf(source, descriptor);
  const pieces = openPieces(source, { size, pieceBytes: options.pieceBytes, signal });
  const upload: Upload = {
    store,
    ref,
    pieces,
    descriptor: { digest: descriptor.digest, size },
    options,
    offset: 0,
    ...(options.wrongIngest === "fail" && { foundBytes: false }),
  };
  try {
    return await untilWritten(upload);
  } finally {
    await pieces.close();
  }
}

/** A blob that is being written, over any number of writers. */
interface Upload {
  readonly store: Pick<Store, "writer">;
  readonly ref: string;
  readonly pieces: Pieces;
  readonly options: WriteBlobOptions;
  /** What is declared; the digest, where it was not known, since all bytes were there. */
  descriptor: Descriptor;
  /** As far as the store is known to have it. */
  offset: number;
  /** It had bytes before any of ours came, and may still be cut back for them; absent: it was not looked at yet. */
  foundBytes?: boolean;
}

/** @throws `data-loss` where the source has another size than is declared */
function sizeOf(source: Source, descriptor: Descriptor): number | undefined {
  const declared = declaredSize(descriptor.size);
  if (declared !== undefined && source.size !== undefined && source.size !== declared) {
    throw sizeError(source.size, declared);
  }
  return declared ?? source.size;
}

async function untilWritten(upload: Upload): Promise<Digest> {
  const { pieces, options } = upload;
  const retries = createRetries(options);
  for (let reached = 0; ; ) {
    try {
      return await write(upload);
    } catch (error) {
      throwIfCancelled(options.signal);
      if (!isKind(error, "unavailable") || error === pieces.failure || isLocked(error)) throw error;
      if (upload.offset > reached) {
        reached = upload.offset;
        retries.reset();
      } else pieces.shrink();
      await retries.waitAfter(error, options.signal);
    }
  }
}

/** One writer's part, to the end where nothing cuts it. */
async function write(upload: Upload): Promise<Digest> {
  const { store, ref, descriptor, options } = upload;
  let writer: Writer;
  try {
    const { algorithm } = options;
    // A server that is not there is waited for by the retries of the whole.
    writer = await openWriter(store, { ref, descriptor, algorithm }, { ...options, retries: 0 });
  } catch (error) {
    if (isKind(error, "already-exists") && descriptor.digest !== undefined) return descriptor.digest;
    throw error;
  }
  try {
    await fill(upload, writer);
    return await commit(upload, writer);
  } finally {
    await writer.close();
  }
}

/** Brings the ingest to its end. */
async function fill(upload: Upload, writer: Writer): Promise<void> {
  const { pieces, descriptor, ref } = upload;
  const start = (await writer.status()).offset;
  upload.foundBytes ??= start > 0;
  moveTo(upload, start);
  if (descriptor.size !== undefined && start > descriptor.size) {
    if (!mayBeginAnew(upload)) throw beyondError(ref, start, descriptor.size);
    return await fillAnew(upload, writer);
  }
  try {
    await append(upload, writer);
  } catch (error) {
    const isBeyond = error === pieces.failure && isKind(error, "out-of-range");
    if (!isBeyond || !mayBeginAnew(upload)) throw error;
    return await fillAnew(upload, writer);
  }
  if (hasWrongBytes(writer, descriptor) && mayBeginAnew(upload)) await fillAnew(upload, writer);
}

function mayBeginAnew({ foundBytes, pieces }: Upload): boolean {
  return foundBytes === true && pieces.canReopen;
}

async function fillAnew(upload: Upload, writer: Writer): Promise<void> {
  await writer.truncate(0);
  upload.foundBytes = false;
  moveTo(upload, 0);
  await append(upload, writer);
}

async function append(upload: Upload, writer: Writer): Promise<void> {
  const { pieces, options } = upload;
  for (;;) {
    throwIfCancelled(options.signal);
    const piece = await pieces.at(upload.offset);
    if (piece.length === 0) return;
    throwIfCancelled(options.signal);
    await writer.write(piece);
    pieces.grow();
    moveTo(upload, upload.offset + piece.length);
  }
}

function moveTo(upload: Upload, offset: number): void {
  upload.offset = offset;
  upload.options.onProgress?.(offset);
}

async function commit(upload: Upload, writer: Writer): Promise<Digest> {
  const { descriptor, options, offset } = upload;
  const { digest: expected } = descriptor;
  const digest = expected ?? writer.digest();
  try {
    return await writer.commit({ size: offset, expected, labels: options.labels });
  } catch (error) {
    if (isKind(error, "already-exists") && digest !== undefined) return digest;
    // It may be done, with the answer lost: the next open tells.
    upload.descriptor = { ...descriptor, digest };
    throw error;
  }
}

/** All bytes are there and are not those of the digest, as far as the writer can tell. */
function hasWrongBytes(writer: Writer, { digest: wanted }: Descriptor): boolean {
  const digest = writer.digest();
  if (wanted === undefined || digest === undefined || digest === wanted) return false;
  return algorithmOf(digest) === algorithmOf(wanted);
}

function beyondError(ref: string, offset: number, size: number): ContentError {
  return new ContentError("out-of-range", `ref ${ref} is at offset ${offset}, beyond the ${size} bytes of the blob`, {
    offset,
  });
}
