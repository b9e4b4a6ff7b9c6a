import { createHash } from "node:crypto";
import { expect } from "vitest";
import type { Algorithm, Digest } from "../../content/digest.ts";
import type { ErrorKind } from "../../content/errors.ts";
import { makeDigest } from "../../content/parse-digest.ts";
import type { CommitOptions, Store, WriterOptions } from "../../content/store.ts";

export const KiB = 1024;
export const MiB = 1024 * KiB;

/** A text as bytes. */
export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** So many bytes in which no two places look alike; another seed, other bytes. */
export function noise(length: number, seed = 1): Buffer {
  const data = Buffer.alloc(length);
  let state = seed;
  for (let at = 0; at < length; at += 1) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    data[at] = state >>> 16;
  }
  return data;
}

/** The digest of bytes. */
export function digestOf(data: Uint8Array, algorithm: Algorithm = "sha256"): Digest {
  return makeDigest(algorithm, createHash(algorithm).update(data).digest("hex"));
}

/** Matches a ContentError of that kind and, where it is given, that text. */
export function failure(kind: ErrorKind, message?: string | RegExp): unknown {
  return expect.objectContaining({
    name: "ContentError",
    kind,
    ...(message !== undefined && { message: typeof message === "string" ? message : expect.stringMatching(message) }),
  });
}

/** Write a blob whole. @returns its digest */
export async function put(
  store: Store,
  data: Uint8Array,
  { ref = `put-${digestOf(data)}`, ...options }: Partial<WriterOptions> & CommitOptions = {},
): Promise<Digest> {
  await using writer = await store.writer({ ref, ...options });
  await writer.write(data);
  return await writer.commit(options);
}

/** Begin an ingest, and leave it. */
export async function leave(store: Store, ref: string, data: Uint8Array, options: Partial<WriterOptions> = {}) {
  await using writer = await store.writer({ ref, ...options });
  if (data.length > 0) await writer.write(data);
}

/** The bytes of a blob, or of a part of it. */
export async function get(store: Store, digest: Digest, offset = 0, length?: number): Promise<Buffer> {
  await using reader = await store.readerAt({ digest });
  return await collect(reader.read(offset, length));
}

/** Chunks as one buffer; each is copied before the next is asked for. */
export async function collect(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const copies: Buffer[] = [];
  for await (const chunk of chunks) copies.push(Buffer.from(chunk));
  return Buffer.concat(copies);
}

/** The refs of all ingests, as they are listed. */
export async function refs(store: Store, filters?: readonly string[]): Promise<string[]> {
  return (await Array.fromAsync(store.listStatuses(filters))).map(({ ref }) => ref);
}

/** The digests of all blobs, as they are walked. */
export async function digests(store: Store, filters?: readonly string[]): Promise<Digest[]> {
  return (await Array.fromAsync(store.walk(filters))).map(({ digest }) => digest);
}
