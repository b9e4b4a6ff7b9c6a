import type { OrderKey } from "../../content/order.ts";
import type { Labels, Scope, Store } from "../../content/store.ts";
import type { BlobRow, IngestRow } from "../feed/change.ts";
import type { Feed } from "../feed/feed.ts";
import type { PageQuery } from "./threads/job.ts";

/** Which namespaces a query is about: some, by name, or every one there is. */
export type Namespaces = readonly string[] | "*";

/** Sort keys of blobs; content/order.ts makes them total. */
export type Order = readonly OrderKey[];

export interface Totals {
  /** Rows: a digest in two namespaces counts twice. */
  readonly count: number;
  /** Each digest counts once. */
  readonly bytes: number;
}

/**
 * The blobs at one moment, whatever is written meanwhile. It holds a read transaction: dispose of it soon and on every path.
 */
export interface Snapshot extends Disposable {
  /** The feed's number of the last change that it includes. */
  readonly sequence: number;
  /** The next rows in that order after `after` (absent: from the first); empty at the end. At most `limit`, 1,000 at once. */
  page(namespaces: Namespaces, order: Order, after: BlobRow | undefined, limit: number): readonly BlobRow[];
  totals(namespaces: Namespaces): Totals;
}

/** Rows of a sorted set. */
export interface Page {
  readonly rows: readonly BlobRow[];
  /** Of the whole selection. */
  readonly totals: Totals;
  /** False at the end of the set. */
  readonly more: boolean;
}

/** Namespaces themselves, as containerd's metadata keeps them. */
export interface NamespaceStore {
  /** Labels; `{}` for a name that is not there, as containerd answers. */
  labels(name: string): Promise<Labels>;
  list(): Promise<readonly { readonly name: string; readonly labels: Labels }[]>;
  /** @throws `already-exists`; `invalid-argument` for a bad name or label */
  create(name: string, labels: Labels): Promise<void>;
  /**
   * Replace labels as Store.update does; an unknown namespace is made, as in containerd.
   *
   * @throws `invalid-argument` for a bad name, label or fieldpath
   */
  update(name: string, labels: Labels, fieldpaths?: readonly string[]): Promise<Labels>;
  /**
   * Remove a namespace that holds no blobs, and its ingests that nobody writes.
   *
   * @throws `not-found`; `failed-precondition` that says what is left in it
   */
  delete(name: string): Promise<void>;
}

/** Namespaces, labels and everything that can be queried, over a bare store that holds the bytes. */
export interface Metadata extends AsyncDisposable {
  readonly feed: Feed;
  readonly namespaces: NamespaceStore;
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
  /** All ingests of these namespaces as they are now, in the order of namespace and ref. */
  ingests(namespaces: Namespaces): AsyncIterable<IngestRow>;
}
