import type { DocumentKind } from "../../../content/references.ts";
import type { Selection } from "../../../content/remote/events.ts";
import type { AskedSelection } from "../../feed/selection.ts";
import type { StoredBlob } from "../blobs.ts";
import type { ImageDocument } from "../catalog/document.ts";
import type { LeaseWeight } from "../catalog/weigh.ts";
import type { StoredInventory } from "../inventory.ts";
import type { Namespaces, Order, Totals } from "../set.ts";

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

/** What a scan is to go on with. */
export interface PieceQuery {
  readonly asked: AskedSelection;
  readonly order: Order;
  /** It begins behind this row; absent: with the first. */
  readonly after?: PageKey;
  /** True: it begins with that row itself, where it is there. */
  readonly including: boolean;
  readonly form: RowForm;
}

/** `rows`: as they are stored. `items` and `infos`: as content/wire/row-encoder.ts writes them. */
export type RowForm = "rows" | "items" | "infos";

/** Selected rows of a moment, and how far the scan has looked. */
export interface Piece {
  /** Number of the last change of the feed that they include. */
  readonly sequence: number;
  /** Empty in the other forms. */
  readonly rows: readonly StoredBlob[];
  /** Absent where no row was selected, and in the form `rows`. */
  readonly encoded?: Uint8Array<ArrayBuffer>;
  /** Rows that were selected. */
  readonly count: number;
  /** The last row that was looked at; absent: there was none. */
  readonly last?: PageKey;
  /** False at the end of the set. */
  readonly more: boolean;
}

/** What is to be counted. */
export interface CountQuery {
  readonly asked: AskedSelection;
  /** Two numbers that are kept as it goes on: rows and bytes. */
  readonly progress: SharedArrayBuffer;
}

/** A count of one moment. */
export interface Counted {
  /** Number of the last change of the feed that it includes. */
  readonly sequence: number;
  readonly totals: Totals;
}

/** A document that is to be read. */
export interface DocumentQuery {
  readonly bytes: Uint8Array;
  readonly kind: DocumentKind;
}

/** When leases are to be weighed, in milliseconds since 1970. */
export interface WeighQuery {
  readonly nowMs: number;
}

/** How much of an inventory is wanted. */
export interface InventoryQuery {
  /** Namespaces that are told one by one, at most. */
  readonly namespaces: number;
}

/** What threads do, by name. */
export interface Tasks {
  readonly page: { readonly query: PageQuery; readonly answer: StoredPage };
  readonly piece: { readonly query: PieceQuery; readonly answer: Piece };
  readonly count: { readonly query: CountQuery; readonly answer: Counted };
  readonly document: { readonly query: DocumentQuery; readonly answer: ImageDocument };
  readonly weigh: { readonly query: WeighQuery; readonly answer: readonly LeaseWeight[] };
  readonly inventory: { readonly query: InventoryQuery; readonly answer: StoredInventory };
}

/** What a thread is asked. */
export type Job = { readonly [K in keyof Tasks]: JobOf<K> }[keyof Tasks];

/** A job of one name. */
export interface JobOf<K extends keyof Tasks> {
  readonly task: K;
  readonly query: Tasks[K]["query"];
  /** One Int32 that is set to 1 when nobody wants the answer any more. */
  readonly cancel: SharedArrayBuffer;
}

/** What a thread answers. A ContentError does not survive the way as one, so its parts are sent. */
export type Answer =
  | { readonly answer: Tasks[keyof Tasks]["answer"] }
  | { readonly refused: { readonly kind: string; readonly message: string } }
  | { readonly failed: Error };

/** What a thread is started with. */
export interface ThreadData {
  /** Of the database. */
  readonly path: string;
  /** SharedSequence.memory. */
  readonly sequence: SharedArrayBuffer;
}
