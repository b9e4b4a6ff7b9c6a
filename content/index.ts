/**
 * The library: a client of any server of containerd's content service, for browsers and Node. What a page may do without
 * stands in entries of its own: copy-graph.ts, filters.ts, follow.ts, hasher.ts, http-read-seeker.ts, query.ts, references.ts,
 * regexp.ts, services.ts.
 */
export type { Caller } from "./caller.ts";
export { describeCaller } from "./caller.ts";
export type { CopiedBlob, CopyOptions, CopyTarget } from "./copy.ts";
export { copy } from "./copy.ts";
export type { Algorithm, Digest } from "./digest.ts";
export { algorithmOf, algorithms, hexOf, isDigest } from "./digest.ts";
export type { BytesFacts, ErrorFacts, ErrorKind } from "./errors.ts";
export { ContentError, isKind } from "./errors.ts";
export type { CreateHasher, Hasher } from "./hasher.ts";
export type { OpenReaderOptions } from "./open-reader.ts";
export { openReader, resumingReader } from "./open-reader.ts";
export type { OpenWriterOptions } from "./open-writer.ts";
export { isLocked, openWriter } from "./open-writer.ts";
export { makeDigest, parseDigest } from "./parse-digest.ts";
export type { ReadBlobOptions, ReadBytesOptions } from "./read-blob.ts";
export { readBlob, readBytes } from "./read-blob.ts";
export type { CallScope } from "./remote/call.ts";
export type { HeldRef } from "./remote/held-ref.ts";
export { releaseWriter } from "./remote/held-ref.ts";
export type { RemoteOptions } from "./remote/store.ts";
export { createRemoteStore } from "./remote/store.ts";
export type { TransportOptions } from "./remote/transport.ts";
export { connectTransport } from "./remote/transport.ts";
export type { UnaryOptions } from "./remote/unary-channel.ts";
export type { RetryOptions } from "./retries.ts";
export type { Source } from "./source.ts";
export { sourceOfBlob } from "./sources/blob.ts";
export { sourceOfBytes } from "./sources/bytes.ts";
export type { ByteStream } from "./sources/chunks.ts";
export { sourceOfFile } from "./sources/file.ts";
export type { FileHandleLike } from "./sources/handle.ts";
export { sourceOfHandle } from "./sources/handle.ts";
export { sourceOfReader } from "./sources/reader.ts";
export { sourceOfStream } from "./sources/stream.ts";
export type {
  CommitOptions,
  Descriptor,
  Info,
  Labels,
  ReaderAt,
  Scope,
  Status,
  Store,
  Writer,
  WriterOptions,
} from "./store.ts";
export type { WriteBlobOptions } from "./write-blob.ts";
export { writeBlob } from "./write-blob.ts";
