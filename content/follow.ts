/** Live sets: what is stored and what is being written, as it changes, over a stream that reconnects. */
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
export type { StreamMemory } from "./remote/stream-memory.ts";
export { createStreamMemory } from "./remote/stream-memory.ts";
