import type { Digest } from "../digest.ts";
import type { Info, Status } from "../store.ts";

/** Which rows a set is about. */
export interface Selection {
  /** Filters in containerd's syntax, or-ed; none: all. */
  readonly filters?: readonly string[];
  /** RE2, and-ed; empty: all. Ingests: searched in the ref; blobs: in the digest and in `key=value` of each label. */
  readonly regexp?: string;
  /** The dashboard's query language (content/query), and-ed; empty: all. Ages are those of the moment of asking. */
  readonly query?: string;
  /** Names, or `["*"]` for all; none: the namespace of the client. */
  readonly namespaces?: readonly string[];
}

/** A blob in a namespace. */
export interface Blob {
  readonly namespace: string;
  readonly info: Info;
}

/** An ingest in a namespace. What only a stream knows is absent when the server is polled. */
export interface Ingest {
  readonly namespace: string;
  readonly status: Status;
  /** `stalled`: a writer holds the ref and no byte came for 30 s. `unknown`: the server does not say. */
  readonly state: "writing" | "stalled" | "resumable" | "unknown";
  /** What is known of who holds the ref; empty: nobody, or not known. */
  readonly holder: string;
  /** Since when the ref is held; absent: it is not, or not known. */
  readonly lockedAt?: Date;
  /** When it is dropped if nobody goes on; absent: never, or not known. */
  readonly expiresAt?: Date;
  /** Mean of the last 5 s. */
  readonly rateBytesPerSecond: number;
  /** Why the last commit was refused; empty when none was. */
  readonly lastError: string;
}

/** How an ingest ended. */
export interface EndedIngest {
  readonly namespace: string;
  readonly ref: string;
  readonly outcome: "committed" | "existed" | "aborted" | "expired" | "unknown";
  /** The blob, where there is one. */
  readonly digest?: Digest;
  /** Bytes committed, or bytes dropped. */
  readonly size: number;
  /** What is known of who ended it; empty: nothing. */
  readonly by: string;
  readonly startedAt: Date;
  readonly endedAt: Date;
}

/** The whole set follows; what was held before is to be replaced once `bookmark.complete` comes. */
export interface BeginEvent {
  readonly kind: "begin";
  /** `stream`: changes are told as they happen. `polled`: the server has no streams and is asked every `heartbeatMs`. */
  readonly source: "stream" | "polled";
  readonly heartbeatMs: number;
}

/** Everything up to here was sent. */
export interface BookmarkEvent {
  readonly kind: "bookmark";
  readonly serverTime: Date;
  /** Rows in the selection, exactly, also beyond a limit. */
  readonly count: number;
  /** Their bytes, each digest once. */
  readonly bytes: number;
  /** Rows and bytes before filters and regexp; for ingests and polled servers those of the selection. */
  readonly wholeCount: number;
  readonly wholeBytes: number;
  /** The set is complete. */
  readonly complete: boolean;
}

/** Where the connection stands. `live` after the first message of a stream. */
export interface ConnectionEvent {
  readonly kind: "connection";
  readonly state: "connecting" | "live" | "waiting";
  /** Tries since it was last live; 0 while it is. */
  readonly attempt: number;
  /** `waiting`: when the next try comes. */
  readonly retryAt?: Date;
  /** `waiting`: why, for people. */
  readonly reason?: string;
}

export type IngestEvent =
  | BeginEvent
  | BookmarkEvent
  | ConnectionEvent
  | { readonly kind: "ingests"; readonly ingests: readonly Ingest[] }
  /** It has not ended, but is no longer what the query asks for. */
  | { readonly kind: "left"; readonly namespace: string; readonly ref: string }
  | { readonly kind: "ended"; readonly ended: EndedIngest };

export type BlobEvent =
  | BeginEvent
  | BookmarkEvent
  | ConnectionEvent
  | { readonly kind: "blobs"; readonly blobs: readonly Blob[] }
  | {
      readonly kind: "removed";
      readonly namespace: string;
      readonly digest: Digest;
      /** True: it is still stored, but outside the selection or the window. */
      readonly leftSelection: boolean;
    };
