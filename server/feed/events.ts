import type { Digest } from "../../content/digest.ts";
import type { EndedIngest, Ingest } from "../../content/remote/events.ts";
import type { Totals } from "../metadata/set.ts";
import type { BlobRow } from "./change.ts";

/** Forget what you hold, the whole set follows. */
export interface Begin {
  readonly kind: "begin";
  /** `token-expired`: what changed since is not known any more. `overflow`: the reader was too slow. */
  readonly reason: "initial" | "token-expired" | "overflow";
  /** Milliseconds between two bookmarks, at most. */
  readonly heartbeatMs: number;
}

/** Rows and bytes, each digest once; of ingests the bytes that are on disk. */
export interface SetTotals {
  /** Of the selection. */
  readonly selected: Totals;
  /** Before filters and regexp; absent for ingests. */
  readonly whole?: Totals;
}

/** Everything up to here was sent. */
export interface Bookmark extends SetTotals {
  readonly kind: "bookmark";
  /** For a stream that goes on from here; empty: none can. */
  readonly token: string;
  readonly serverTime: Date;
  /** False while the set is on its way: `selected` is then what was counted so far. */
  readonly complete: boolean;
}

/** The last event of an orderly stream. */
export interface End {
  readonly kind: "end";
  readonly reason: "complete" | "max-age" | "shutdown";
  /** As a bookmark's. */
  readonly token: string;
}

/** What every stream of a set says besides its rows. */
export type Frame = Begin | Bookmark | End;

/** New or changed blobs, or one that went. */
export type BlobEvent =
  | { readonly kind: "blobs"; readonly rows: readonly BlobRow[] }
  /** New blobs as the bytes of InfoBatch (content/wire/row-encoder.ts), where the reader takes bytes. */
  | { readonly kind: "encoded"; readonly items: Uint8Array }
  | {
      readonly kind: "removed";
      readonly namespace: string;
      readonly digest: Digest;
      /** True: it is still stored, but outside the selection or the window. */
      readonly leftSelection: boolean;
    };

/** New or changed ingests, one that is no longer selected and has not ended, or the end of one. */
export type IngestEvent =
  | { readonly kind: "ingests"; readonly ingests: readonly Ingest[] }
  | { readonly kind: "left"; readonly namespace: string; readonly ref: string }
  | { readonly kind: "ended"; readonly ended: EndedIngest };
