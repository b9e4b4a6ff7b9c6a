import type { Hold, LeaseRow, NamespaceRow } from "../../content/catalog.ts";
import type { Digest } from "../../content/digest.ts";
import type { Image } from "../../content/image.ts";
import type { Lease } from "../../content/lease.ts";
import type { DocumentKind } from "../../content/references.ts";
import type { Scope, Store } from "../../content/store.ts";
import type { BlobRow, IngestRow } from "../feed/change.ts";
import type { Feed } from "../feed/feed.ts";
import type { ScannedPage, ScanQuery } from "../feed/scan-query.ts";
import type { CompiledSelection } from "../feed/selection.ts";
import type { ImageDocument } from "./catalog/document.ts";
import type { LeaseWeight } from "./catalog/weigh.ts";
import type { ImageStore, LeaseStore, NamespaceStore } from "./catalog-stores.ts";
import type { StoredInventory } from "./inventory.ts";
import type { Namespaces, Order, Totals } from "./set.ts";
import type { PageQuery, RowForm } from "./threads/job.ts";

/**
 * The blobs at one moment, whatever is written meanwhile. It holds a read transaction: dispose of it soon and on every path.
 */
export interface Snapshot extends Disposable {
  /** The feed's number of the last change that it includes. */
  readonly sequence: number;
  /**
   * The next rows in that order after `after` (absent: from the first); empty at the end. At most `limit`, 1,000 at once.
   *
   * @param including begin with that row itself, where it is there
   */
  page(
    namespaces: Namespaces,
    order: Order,
    after: BlobRow | undefined,
    limit: number,
    including?: boolean,
  ): readonly BlobRow[];
  totals(namespaces: Namespaces): Totals;
}

/** A count that is under way. */
export interface Count {
  /** So far, a digest's bytes in each namespace; once it is done all, and the bytes of each digest once. */
  readonly totals: Totals;
  /** The feed's number of the last change that the count included; 0 where it was not wanted any more. */
  readonly done: Promise<number>;
}

/** Rows of a sorted set. */
export interface Page {
  readonly rows: readonly BlobRow[];
  /** Of the whole selection. */
  readonly totals: Totals;
  /** False at the end of the set. */
  readonly more: boolean;
}

/**
 * What stands outside the content, for server/catalog. Everything is as it is at the moment of the call, or of the page that a
 * walk reads, whatever the feed has told by then.
 */
export interface CatalogReads {
  /** Every namespace, with what is in it. @param among only these, as if there were no others; absent: all */
  namespaces(among?: Namespaces): readonly NamespaceRow[];
  /** Every image, a page a turn of the event loop. */
  images(): AsyncIterable<{ readonly namespace: string; readonly image: Image }>;
  /** Every lease of these namespaces (absent: of all), likewise. */
  leases(namespaces?: Namespaces): AsyncIterable<{ readonly namespace: string; readonly lease: Lease }>;
  /** How many resources of each type a lease names, and the refs of its ingests. */
  held(namespace: string, id: string): LeaseHoldings;
  /** Leases that name an ingest. */
  leasesOfIngest(namespace: string, ref: string): readonly string[];
  /** Bytes of a blob; absent: the namespace does not have it. */
  sizeOf(namespace: string, digest: Digest): number | undefined;
  /** All bytes of a blob, whoever has it; absent: they are not there, or are wrong. */
  bytesOf(digest: Digest): Promise<Uint8Array | undefined>;
  /** What an image's document names, found out beside the event loop where it is long. */
  parse(bytes: Uint8Array, kind: DocumentKind): Promise<ImageDocument>;
  /** What every lease keeps, worked out beside the event loop. @throws `cancelled` */
  weigh(signal: AbortSignal): Promise<readonly LeaseWeight[]>;
  /**
   * What keeps a blob from being collected.
   *
   * @throws `not-found` where the namespace does not have it; `cancelled`
   */
  hold(namespace: string, digest: Digest, signal?: AbortSignal): Promise<Hold>;
}

/** What a lease names. */
export interface LeaseHoldings extends Pick<LeaseRow, "blobs" | "ingests" | "images" | "snapshots"> {
  /** Refs of its ingests. */
  readonly refs: readonly string[];
}

/** What a collection removed. */
export interface Collected {
  readonly leases: number;
  readonly ingests: number;
  readonly images: number;
  readonly blobs: number;
  /** Of the blobs, in bytes; those that another namespace still holds are counted too. */
  readonly bytes: number;
  /** Milliseconds that it took, without the start of its thread. */
  readonly ms: number;
}

/** What there is at one moment, in numbers. */
export interface Inventory extends Omit<StoredInventory, "ingests" | "oldestIngestMicros"> {
  /** Rows of the ingests that somebody writes. */
  readonly written: readonly IngestRow[];
  /** Ingests that nobody writes. */
  readonly resumable: number;
  /** When the oldest ingest began; absent: there is none. */
  readonly oldestIngestAt?: Date;
}

/** Bytes that callers moved since the start. */
export interface Transferred {
  /** Of blobs. */
  readonly readBytes: number;
  /** Into ingests. */
  readonly writtenBytes: number;
}

/** Namespaces, labels and everything that can be queried, over a bare store that holds the bytes. */
export interface Metadata extends AsyncDisposable {
  readonly feed: Feed;
  readonly catalog: CatalogReads;
  readonly namespaces: NamespaceStore;
  readonly leases: LeaseStore;
  readonly images: ImageStore;
  /**
   * Remove what nothing leads to, in every namespace that has used leases or images, beside whoever writes: expired leases,
   * ingests whose lease is gone, expired images, and blobs that no image, lease, root label or ingest leads to. Runs follow
   * one another. What is told as stored or labelled while one is under way is not removed by it.
   *
   * @param signal ends it between two steps; what was removed stays so
   * @throws `cancelled`
   */
  collect(signal?: AbortSignal): Promise<Collected>;
  /**
   * Hear of every change that may call for a collection, when it is made.
   *
   * @param listener told whether something was removed; it must be quick and must not throw
   * @returns a function that ends it
   */
  onMutation(listener: (removed: boolean) => void): () => void;
  /** The Store that a caller sees; cheap, make one for each call. The namespace must be valid. */
  in(scope: Scope): Store;
  /** A consistent view for streams and pages. */
  snapshot(): Snapshot;
  /**
   * One page of a sorted set, with what all of it counts, read beside the event loop.
   *
   * @param caller whose quota of queries it is
   * @throws `resource-exhausted` for too many queries at once; `cancelled`; `invalid-argument` for a selection that is none
   */
  page(query: PageQuery, caller: string, signal?: AbortSignal): Promise<Page>;
  /**
   * Selected rows in an order, piece by piece, read beside the event loop. Each piece is of its own moment, so that a slow
   * reader holds no read transaction; whoever needs one moment applies the changes since the first piece.
   *
   * @param form what the rows are told as
   * @param signal ends it early, without an error
   */
  scan(query: ScanQuery, form: RowForm, signal?: AbortSignal): AsyncIterable<ScannedPage>;
  /**
   * Count a selection at some moment from now on, beside the event loop.
   *
   * @param signal ends it early, without an error
   */
  count(selection: CompiledSelection, signal: AbortSignal): Count;
  /**
   * Count what there is, beside the event loop, from what is kept with every change.
   *
   * @param namespaces that are told one by one, at most
   */
  inventory(namespaces: number): Promise<Inventory>;
  readonly transferred: Transferred;
  /** All ingests of these namespaces as they are now, in the order of namespace and ref. */
  ingests(namespaces: Namespaces): AsyncIterable<IngestRow>;
}
