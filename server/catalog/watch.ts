import type { ImageRow, LeaseRow, NamespaceRow, RepositoryRow } from "../../content/catalog.ts";
import type { Labels } from "../../content/store.ts";
import { batchesOf } from "../feed/batches.ts";
import type { Frame } from "../feed/events.ts";
import type { StreamOptions } from "../feed/live-set.ts";
import { streamSet } from "../feed/live-set.ts";
import { chooseScope } from "../feed/scope.ts";
import type { FeedTiming } from "../feed/timing.ts";
import type { Metadata } from "../metadata/metadata.ts";
import type { Namespaces } from "../metadata/set.ts";
import type { CatalogImage } from "./images/image-source.ts";
import { openImageSource } from "./images/image-source.ts";
import { leaseOfKey, openLeaseSource } from "./lease-source.ts";
import type { RowEvents } from "./live-rows.ts";
import { openLiveRows } from "./live-rows.ts";
import { openNamespaceSource } from "./namespace-source.ts";
import { partsOfKey } from "./row-source.ts";
import { createScopedSources } from "./scoped-sources.ts";
import { createSharedSource } from "./shared-source.ts";
import type { CatalogTiming } from "./timing.ts";

/** What a stream of images tells besides its frame. A repository without images is gone. */
export type CatalogImageEvent =
  | { readonly kind: "images"; readonly images: readonly ImageRow[]; readonly repositories: readonly RepositoryRow[] }
  | { readonly kind: "removed"; readonly namespace: string; readonly name: string };

export type CatalogLeaseEvent =
  | { readonly kind: "leases"; readonly leases: readonly LeaseRow[] }
  | { readonly kind: "removed"; readonly namespace: string; readonly id: string };

export type CatalogNamespaceEvent =
  | { readonly kind: "namespaces"; readonly namespaces: readonly NamespaceRow[] }
  | { readonly kind: "removed"; readonly name: string };

/** Whose rows are watched. */
export interface CatalogWatch {
  /** As Selection.namespaces. */
  readonly namespaces: readonly string[];
  /** The namespace of the call, where it names none. */
  readonly namespace: string | undefined;
  /** False: the stream ends with the first set. */
  readonly follow: boolean;
  /** Namespaces that the caller may see: what rows tell of others counts these alone. Absent: every one. */
  readonly readable?: Namespaces;
}

type Stream<Event> = AsyncGenerator<Event | Frame, void, undefined>;
type Options = Omit<StreamOptions, "follow" | "resumption" | "timing">;

/** Images, leases and namespaces as sets that follow changes. What they are made of is there while somebody follows them. */
export interface Catalog extends Disposable {
  /** @throws what chooseScope throws */
  images(watch: CatalogWatch, options: Options): Stream<CatalogImageEvent>;
  /** @throws what chooseScope throws */
  leases(watch: CatalogWatch, options: Options): Stream<CatalogLeaseEvent>;
  namespaces(watch: Pick<CatalogWatch, "follow" | "readable">, options: Options): Stream<CatalogNamespaceEvent>;
}

type Rows<Row, Event> = Omit<RowEvents<Row, Event>, "covers">;

/** @param failed told of what nobody waits for */
export function createCatalog(
  metadata: Pick<Metadata, "feed" | "catalog" | "ingests">,
  timing: FeedTiming & CatalogTiming,
  failed: (error: unknown) => void,
): Catalog {
  const images = createScopedSources((among) => openImageSource(metadata, failed, among), timing.lingerMs);
  const leases = createSharedSource(() => openLeaseSource(metadata, timing, failed), timing.lingerMs);
  const namespaces = createScopedSources((among) => openNamespaceSource(metadata, timing, among), timing.lingerMs);

  const imageRows: Rows<CatalogImage, CatalogImageEvent> = {
    counts: ({ kind }) => kind === "image",
    *rows(rows) {
      for (const batch of batchesOf(rows, imageBytes, timing)) yield imagesEvent(batch);
    },
    removed: (_, gone) =>
      gone.kind === "image"
        ? { kind: "removed", namespace: gone.row.namespace, name: gone.row.image.name }
        : imagesEvent([{ kind: "repository", row: { ...gone.row, images: 0, bytes: 0, overlapBytes: 0 } }]),
  };
  const leaseRows: Rows<LeaseRow, CatalogLeaseEvent> = {
    counts: () => true,
    *rows(rows) {
      const bytesOf = ({ lease }: LeaseRow) => rowCost + labelBytes(lease.labels);
      for (const batch of batchesOf(rows, bytesOf, timing)) yield { kind: "leases", leases: batch };
    },
    removed: (key) => ({ kind: "removed", ...leaseOfKey(key) }),
  };
  const namespaceRows: Rows<NamespaceRow, CatalogNamespaceEvent> = {
    counts: () => true,
    *rows(rows) {
      const bytesOf = ({ labels }: NamespaceRow) => rowCost + labelBytes(labels);
      for (const batch of batchesOf(rows, bytesOf, timing)) yield { kind: "namespaces", namespaces: batch };
    },
    removed: (key) => ({ kind: "removed", name: partsOfKey(key).namespace }),
  };

  return {
    images(watch, options) {
      const events = { ...imageRows, covers: coversKeys(watch) };
      return streamSet((wake) => openLiveRows(images.join(watch.readable), events, timing, wake), {
        ...options,
        timing,
        follow: watch.follow,
      });
    },
    leases(watch, options) {
      const events = { ...leaseRows, covers: coversKeys(watch) };
      return streamSet((wake) => openLiveRows(leases.join(), events, timing, wake), {
        ...options,
        timing,
        follow: watch.follow,
      });
    },
    namespaces({ follow, readable }, options) {
      const events = { ...namespaceRows, covers: () => true };
      return streamSet((wake) => openLiveRows(namespaces.join(readable), events, timing, wake), {
        ...options,
        timing,
        follow,
      });
    },
    [Symbol.dispose]() {
      for (const shared of [images, leases, namespaces]) shared[Symbol.dispose]();
    },
  };
}

function coversKeys({ namespaces, namespace }: CatalogWatch): (key: string) => boolean {
  const scope = chooseScope({ namespaces }, namespace);
  return (key) => scope.covers(partsOfKey(key));
}

function imagesEvent(rows: readonly CatalogImage[]): CatalogImageEvent {
  return {
    kind: "images",
    images: rows.flatMap(({ kind, row }) => (kind === "image" ? [row] : [])),
    repositories: rows.flatMap(({ kind, row }) => (kind === "repository" ? [row] : [])),
  };
}

/** Bytes of a row beside its texts, roughly. */
const rowCost = 1000;

/** What a row takes in memory, roughly, in bytes. */
function imageBytes(each: CatalogImage): number {
  if (each.kind === "repository") return rowCost;
  const { image, platforms, predicateTypes } = each.row;
  return (
    rowCost +
    labelBytes(image.labels) +
    labelBytes(image.target.annotations) +
    100 * platforms.length +
    400 * predicateTypes.length
  );
}

function labelBytes(labels: Labels): number {
  return Object.entries(labels).reduce((sum, [key, value]) => sum + 64 + 2 * (key.length + value.length), 0);
}
