import type { Selection } from "../../../content/remote/events.ts";
import type { StoredBlob } from "../blobs.ts";
import type { Namespaces, Order, Totals } from "../metadata.ts";

/** Which rows of a sorted set are wanted. */
export interface PageQuery {
  /** Its namespaces do not count. */
  readonly selection: Selection;
  readonly namespaces: Namespaces;
  readonly order: Order;
  /** The row before the first; absent: from the top. */
  readonly after?: PageKey;
  /** Rows to leave out after that. */
  readonly skip: number;
  /** Rows, at most. */
  readonly limit: number;
}

/** What of a row says its place in every order. */
export type PageKey = Omit<StoredBlob, "labels">;

/** Rows as the table has them, and what the whole selection is. */
export interface StoredPage {
  readonly rows: readonly StoredBlob[];
  readonly totals: Totals;
  /** False at the end of the set. */
  readonly more: boolean;
}

/** What a thread is asked. */
export interface Job {
  readonly id: number;
  readonly query: PageQuery;
  /** One Int32 that is set to 1 when nobody wants the answer any more. */
  readonly cancel: SharedArrayBuffer;
}

/** What a thread answers. A ContentError does not survive the way as one, so its parts are sent. */
export type Answer =
  | { readonly id: number; readonly page: StoredPage }
  | { readonly id: number; readonly refused: { readonly kind: string; readonly message: string } }
  | { readonly id: number; readonly failed: Error };
