import { declaredSize } from "./descriptor.ts";
import type { Digest } from "./digest.ts";
import { algorithmOf } from "./digest.ts";
import { ContentError } from "./errors.ts";
import type { CreateHasher } from "./hasher.ts";
import type { OpenReaderOptions } from "./open-reader.ts";
import { openReader } from "./open-reader.ts";
import { makeDigest } from "./parse-digest.ts";
import { mismatchError } from "./sources/mismatch.ts";
import type { Descriptor, ReaderAt, Store } from "./store.ts";

export interface ReadBlobOptions extends OpenReaderOptions {
  /** Where to begin, in bytes; absent: 0. */
  readonly offset?: number;
  /** Bytes wanted; absent or beyond the end: to the end. */
  readonly length?: number;
  /** Hash what comes and hold it against the digest; absent: where it is the whole blob. */
  readonly verify?: boolean;
  /** Absent: plain JavaScript, createHasher of content/hasher.ts. */
  readonly createHasher?: CreateHasher;
}

/** It is loaded once something is verified: a page that brings its own, or verifies nothing, does without. */
const loadHasher: CreateHasher = async (algorithm) => (await import("./hasher.ts")).createHasher(algorithm);

/** Most bytes that readBytes takes into memory while nothing else is said. */
const defaultLimit = 8 * 1024 * 1024;

export interface ReadBytesOptions extends Omit<ReadBlobOptions, "offset" | "length" | "verify"> {
  /** Most bytes that the blob may have; absent: 8 MiB. */
  readonly limit?: number;
}

/**
 * The bytes of a blob, or of a part of it, lazily; a chunk is valid until the next is asked for. A read that is cut goes
 * on at its offset. A whole blob is hashed as it comes: wrong bytes end in an error in the place of the end, so that nobody may
 * take what came for right before the iteration has ended.
 *
 * @param descriptor a size that is given must be the blob's
 * @throws `data-loss` for bytes of another digest or number, whose facts say which; `out-of-range` for an offset
 * below 0 or beyond the end; `invalid-argument` for a part that is to be verified; as openReader
 */
export async function* readBlob(
  store: Pick<Store, "readerAt">,
  descriptor: Descriptor & { readonly digest: Digest },
  options: ReadBlobOptions = {},
): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = await openReader(store, descriptor, options);
  try {
    yield* checkedBytes(reader, descriptor, options);
  } finally {
    await reader.close();
  }
}

/**
 * A whole small blob, verified.
 *
 * @throws `resource-exhausted` for one with more bytes than the limit, of which nothing is read; as readBlob
 */
export async function readBytes(
  store: Pick<Store, "readerAt">,
  descriptor: Descriptor & { readonly digest: Digest },
  { limit = defaultLimit, ...options }: ReadBytesOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const reader = await openReader(store, descriptor, options);
  try {
    const { size } = reader;
    if (size > limit) {
      const text = `content ${descriptor.digest} has ${size} bytes, more than ${limit}`;
      throw new ContentError("resource-exhausted", text);
    }
    const data = new Uint8Array(size);
    let at = 0;
    for await (const chunk of checkedBytes(reader, descriptor, options)) {
      data.set(chunk, at);
      at += chunk.length;
    }
    return data;
  } finally {
    await reader.close();
  }
}

/** Bytes of an open blob: no more and no fewer than there should be, and of its digest where that is looked at. */
async function* checkedBytes(
  reader: ReaderAt,
  { digest, size: declared }: Descriptor & { readonly digest: Digest },
  { offset = 0, length = reader.size, verify, createHasher = loadHasher, signal }: ReadBlobOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { size } = reader;
  if (size !== (declaredSize(declared) ?? size)) throw mismatchError(digest, { size }, declared ?? 0);
  const isWhole = offset === 0 && length >= size;
  if (verify === true && !isWhole) {
    throw new ContentError("invalid-argument", `content ${digest}: only a whole blob can be verified`);
  }
  const hasher = isWhole && verify !== false ? await createHasher(algorithmOf(digest)) : undefined;
  const wanted = Math.min(length, size - offset);
  let got = 0;
  for await (const chunk of reader.read(offset, length, signal)) {
    got += chunk.length;
    if (got > wanted) throw mismatchError(digest, { size: got }, wanted);
    hasher?.update(chunk);
    yield chunk;
  }
  if (got < wanted) throw mismatchError(digest, { size: got }, wanted);
  if (hasher === undefined) return;
  const found = makeDigest(algorithmOf(digest), hasher.digest("hex"));
  if (found !== digest) throw mismatchError(digest, { size: got, digest: found }, size);
}
