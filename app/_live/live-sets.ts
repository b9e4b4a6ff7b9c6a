import type { BlobEvent, IngestEvent } from "../../content/remote/events.ts";
import type { BlobFollowOptions } from "../../content/remote/follow-options.ts";
import type { CatalogEvent, SideSet } from "./catalog-events.ts";
import type { HeldEvent } from "./live-event.ts";

/** Which store a live set is of. */
interface OfStore {
  /** Empty or absent: the server's default one. */
  readonly store?: string;
}

/** Where live sets come from. */
export interface Link {
  /** @param held hears what waits while the page holds still; absent: this set comes all the same */
  blobs(
    question: Pick<BlobFollowOptions, "selection" | "orderBy" | "limit"> & OfStore,
    signal: AbortSignal,
    held?: HearHeld,
  ): AsyncIterable<BlobEvent>;
  /** @param held as of blobs */
  ingests(
    question: Pick<BlobFollowOptions, "selection" | "minIntervalMs"> & OfStore,
    signal: AbortSignal,
    held?: HearHeld,
  ): AsyncIterable<IngestEvent>;
  /** Of a selection, its namespaces count, and of events its query. */
  catalog(
    of: SideSet,
    question: Pick<BlobFollowOptions, "selection"> & OfStore,
    signal: AbortSignal,
  ): AsyncIterable<CatalogEvent>;
}

/** Hears how much waits. */
export type HearHeld = (event: HeldEvent) => void;
