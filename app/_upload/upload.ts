import type { Digest } from "../../content/digest.ts";
import type { Sample } from "../../content/eta.ts";

/** What tells a file from others before it is read. */
export interface FileFacts {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly lastModified: number;
}

/** Where a file goes. */
export interface UploadPlace {
  /** Empty: the server's default one. It stays while the page goes on to another. */
  readonly store: string;
  readonly namespace: string;
}

/** A file that a person wants stored. */
export interface Upload extends FileFacts, UploadPlace {
  /** Of this page. */
  readonly id: number;
  /** Absent: it is not hashed yet. */
  readonly digest?: Digest;
  /** What an earlier page began: the file has to have this digest. Absent: no page did. */
  readonly expected?: Digest;
  /** Bytes that are hashed. */
  readonly hashed: number;
  /** Bytes of it that the server is known to have. */
  readonly offset: number;
  /** Bytes that this page sent. */
  readonly sent: number;
  readonly stage: Stage;
}

/**
 * What an upload is doing.
 *
 * - `queued`: waits for its turn to be hashed, or to be sent once it is;
 * - `hashing`, `sending`: how far it was when; no samples before its first byte;
 * - `locked`: another writer holds the ref, and is waited for;
 * - `paused`: a person holds it back;
 * - `unfinished`: an earlier page began it, and its file has to be picked again; `fault`: why the one that was picked is another;
 * - `done`: stored, or `here` before anything was sent.
 */
export type Stage =
  | { readonly kind: "queued" | "paused" }
  | { readonly kind: "unfinished"; readonly fault?: string }
  | { readonly kind: "hashing" | "sending"; readonly samples: readonly Sample[] }
  | { readonly kind: "locked"; readonly since: Date; readonly holder: string }
  | { readonly kind: "failed"; readonly failure: Failure }
  | { readonly kind: "done"; readonly outcome: "stored" | "here" };

/** Why an upload stopped. */
export interface Failure {
  /** One sentence, for people. */
  readonly text: string;
  /** What helps: to try again, to pick the file again, or the server's return, which tries again by itself. */
  readonly remedy: "retry" | "pick" | "server";
}
