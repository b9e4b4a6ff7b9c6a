/** The library: a client of any server of containerd's content service, for browsers and Node. */
export type { Caller } from "./caller.ts";
export { describeCaller } from "./caller.ts";
export type { Algorithm, Digest } from "./digest.ts";
export { algorithmOf, algorithms, hexOf, isDigest, makeDigest, parseDigest } from "./digest.ts";
export type { ErrorFacts, ErrorKind } from "./errors.ts";
export { ContentError, isKind } from "./errors.ts";
export type { Adaptor, Filter } from "./filters.ts";
export { blobAdaptor, compileFilters, statusAdaptor } from "./filters.ts";
export type { OrderKey } from "./order.ts";
export { compareBy, parseOrder } from "./order.ts";
export type {
  Comparison,
  Completion,
  Condition,
  DigestPrefix,
  Field,
  IngestRow,
  Interval,
  Matcher,
  Query,
  QueryBounds,
  SaidFilters,
  Span,
  Target,
  Term,
} from "./query.ts";
export {
  addToken,
  compileBlobQuery,
  compileIngestQuery,
  completeAt,
  formatQuery,
  formatTerm,
  hasToken,
  parseQuery,
  queryBounds,
  queryFields,
  queryLimits,
  queryStates,
  quoteKey,
  quoteValue,
  readQuery,
  removeToken,
  toContainerdFilters,
  toggleToken,
} from "./query.ts";
export type { CompileRegexp } from "./regexp.ts";
export { compileRegexp } from "./regexp.ts";
export type { CallScope } from "./remote/call.ts";
export type {
  BeginEvent,
  Blob,
  BlobEvent,
  BookmarkEvent,
  ConnectionEvent,
  EndedIngest,
  Ingest,
  IngestEvent,
  Selection,
} from "./remote/events.ts";
export { followBlobs, followIngests } from "./remote/follow.ts";
export type { BlobFollowOptions, FollowOptions, FollowTiming, Wake } from "./remote/follow-options.ts";
export type { RemoteOptions } from "./remote/store.ts";
export { createRemoteStore } from "./remote/store.ts";
export type { StreamMemory } from "./remote/stream-memory.ts";
export { createStreamMemory } from "./remote/stream-memory.ts";
export { formatRowKey } from "./row-key.ts";
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
