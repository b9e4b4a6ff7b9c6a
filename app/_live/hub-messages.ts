import type { ErrorFacts, ErrorKind } from "../../content/errors.ts";
import type { BlobFollowOptions } from "../../content/remote/follow-options.ts";
import type { SideSet } from "./catalog-events.ts";
import type { SentEvent } from "./sent-events.ts";

/** Which live set a tab wants. */
export interface Question extends Pick<BlobFollowOptions, "selection" | "orderBy" | "limit"> {
  readonly of: "blobs" | "ingests" | SideSet;
  /** Of which store; absent: of the server's default one. */
  readonly store?: string;
}

/** What a tab tells the hub; it numbers its streams as it likes. */
export type ToHub =
  | { readonly kind: "open"; readonly id: number; readonly question: Question; readonly isHeld?: boolean }
  /** The events of the last message are dealt with: more may come. */
  | { readonly kind: "took"; readonly id: number }
  | { readonly kind: "close"; readonly id: number }
  /** The tab shows nothing new of a stream until it says otherwise. */
  | { readonly kind: "hold"; readonly id: number; readonly isHeld: boolean }
  /** End every wait for the next try. */
  | { readonly kind: "retry" }
  /** The tab goes, with all its streams. */
  | { readonly kind: "bye" };

/** What the hub tells a tab. */
export type FromHub =
  | { readonly kind: "events"; readonly id: number; readonly events: readonly SentEvent[] }
  /** The server refuses, and another try cannot mend it: the stream is closed. */
  | { readonly kind: "failed"; readonly id: number; readonly error: SentError }
  /** The hub knows no such stream, since the tab was silent for too long. */
  | { readonly kind: "lost"; readonly id: number }
  /** A connection that was lost is live again: the server may be another one. */
  | { readonly kind: "reconnected" };

/** A ContentError as it goes from one script to another. */
export interface SentError {
  readonly kind: ErrorKind;
  readonly message: string;
  readonly facts: ErrorFacts;
}

/** What a set told before somebody joined it says when that was, by this machine's clock. */
export interface Heard {
  /** Absent: just now. */
  readonly heardAt?: Date;
}

/** Two questions with the same name have the same answer. */
export function nameOf({ of, store = "", selection = {}, orderBy = "", limit = 0 }: Question): string {
  return JSON.stringify([of, store, Object.entries(selection).toSorted(), orderBy, limit]);
}
