import type { BlobEvent, IngestEvent } from "../../content/remote/events.ts";
import type { CatalogEvent } from "./catalog-events.ts";

/** What every live set tells. */
export type LiveEvent = BlobEvent | IngestEvent | CatalogEvent;

/** While a tab holds still its rows wait in the hub, and it is told only that they do. */
export interface HeldEvent {
  readonly kind: "held";
  /** When the set was last heard of, by this machine's clock. */
  readonly heardAt: Date;
  /** Rows that changed since this was last told, and had not changed before. */
  readonly changes: number;
}

/** What a tab is told of a live set. */
export type ToldEvent = LiveEvent | HeldEvent;
