import { pino } from "pino";
import { onTestFinished } from "vitest";
import type { ImageRow, LeaseRow, NamespaceRow, RepositoryRow } from "../../../content/catalog.ts";
import type { Labels } from "../../../content/store.ts";
import type { CatalogTiming } from "../../../server/catalog/timing.ts";
import { catalogTiming } from "../../../server/catalog/timing.ts";
import type { Catalog } from "../../../server/catalog/watch.ts";
import { createCatalog } from "../../../server/catalog/watch.ts";
import type { Frame } from "../../../server/feed/events.ts";
import type { FeedTiming } from "../../../server/feed/timing.ts";
import { feedTiming } from "../../../server/feed/timing.ts";
import type { Metadata } from "../../../server/metadata/metadata.ts";
import { digestOf, put } from "../metadata/support.ts";

/** Media types of images. */
export const types = {
  index: "application/vnd.oci.image.index.v1+json",
  manifest: "application/vnd.oci.image.manifest.v1+json",
  config: "application/vnd.oci.image.config.v1+json",
  layer: "application/vnd.oci.image.layer.v1.tar+gzip",
  dockerList: "application/vnd.docker.distribution.manifest.list.v2+json",
  dockerManifest: "application/vnd.docker.distribution.manifest.v2+json",
  dockerConfig: "application/vnd.docker.container.image.v1+json",
} as const;

/** Times that do not make a test wait. */
export const quick: FeedTiming & CatalogTiming = { ...feedTiming, ...catalogTiming, intervalMs: 10, weighMs: 10 };

/** A blob as a document names it. */
export interface Named {
  readonly text: string;
  readonly mediaType: string;
  readonly platform?: object;
  readonly annotations?: Labels;
}

/** Something of a media type, whether it is stored or not. */
export function named(mediaType: string, text: string, more: Partial<Named> = {}): Named {
  return { mediaType, text, ...more };
}

function descriptor({ text, mediaType, platform, annotations }: Named) {
  return { mediaType, digest: digestOf(text), size: text.length, platform, annotations };
}

/** A manifest of these. */
export function manifest(config: Named, layers: readonly Named[], mediaType: string = types.manifest): Named {
  const document = { schemaVersion: 2, mediaType, config: descriptor(config), layers: layers.map(descriptor) };
  return named(mediaType, JSON.stringify(document));
}

/** An index of these. */
export function index(manifests: readonly Named[], mediaType: string = types.index): Named {
  return named(mediaType, JSON.stringify({ schemaVersion: 2, mediaType, manifests: manifests.map(descriptor) }));
}

/** A config for a platform. */
export function config(architecture: string, more: object = {}): Named {
  return named(types.config, JSON.stringify({ os: "linux", architecture, ...more }));
}

/** Store these in a namespace. */
export async function store(metadata: Metadata, namespace: string, ...blobs: readonly Named[]): Promise<void> {
  for (const { text } of blobs) await put(metadata, namespace, text);
}

/** Give a name to one of these. */
export async function tag(metadata: Metadata, name: string, target: Named, namespace = "n"): Promise<void> {
  const { mediaType, text } = target;
  const draft = { mediaType, digest: digestOf(text), size: text.length, annotations: {} };
  await metadata.images.create({ namespace }, { name, labels: {}, target: draft });
}

/** What a reader of a set holds, by what it is called; it reads on until the test ends. */
export interface Held<Row> {
  readonly rows: ReadonlyMap<string, Row>;
  readonly repositories: ReadonlyMap<string, RepositoryRow>;
  /** Every event that came. */
  readonly events: readonly { readonly kind: string }[];
  /** True once the set was told, since the last begin. */
  readonly complete: boolean;
  /** Rows as the last bookmark counts them. */
  readonly count: number;
  /** What the stream failed with; absent while it did not. */
  readonly error: unknown;
  stop(): void;
}

/** A catalog for one test. */
export function openCatalog(metadata: Metadata, timing: Partial<FeedTiming & CatalogTiming> = {}): Catalog {
  const logger = pino({ level: "silent" });
  const catalog = createCatalog(metadata, { ...quick, ...timing }, (error) => logger.error(error));
  onTestFinished(() => catalog[Symbol.dispose]());
  return catalog;
}

interface Watched {
  readonly namespaces?: readonly string[];
  readonly namespace?: string;
}

export function followImages(catalog: Catalog, { namespaces = ["*"], namespace }: Watched = {}): Held<ImageRow> {
  return hold((options) => catalog.images({ namespaces, namespace, follow: true }, options), {
    images: ({ namespace: of, image }: ImageRow) => `${of} ${image.name}`,
  });
}

export function followLeases(catalog: Catalog, { namespaces = ["*"], namespace }: Watched = {}): Held<LeaseRow> {
  return hold((options) => catalog.leases({ namespaces, namespace, follow: true }, options), {
    leases: ({ namespace: of, lease }: LeaseRow) => `${of} ${lease.id}`,
  });
}

export function followNamespaces(catalog: Catalog): Held<NamespaceRow> {
  return hold((options) => catalog.namespaces({ follow: true }, options), {
    namespaces: ({ name }: NamespaceRow) => name,
  });
}

type Options = Parameters<Catalog["namespaces"]>[1];

/** An event of any of the sets. */
type AnyEvent = Frame | { readonly kind: "removed" | "images" | "leases" | "namespaces" };

function hold<Row>(
  open: (options: Options) => AsyncIterable<AnyEvent>,
  names: Readonly<Record<string, (row: Row) => string>>,
): Held<Row> {
  const gone = new AbortController();
  const state = {
    rows: new Map<string, Row>(),
    repositories: new Map<string, RepositoryRow>(),
    events: [] as AnyEvent[],
    complete: false,
    count: 0,
    error: undefined as unknown,
    stop: () => gone.abort(),
  };
  const [[kind, nameOf] = ["", () => ""]] = Object.entries(names);

  function take(event: AnyEvent): void {
    state.events.push(event);
    if (event.kind === "begin") {
      state.rows.clear();
      state.repositories.clear();
      state.complete = false;
    }
    if (event.kind === "bookmark") {
      state.count = event.selected.count;
      state.complete ||= event.complete;
    }
    const fields = event as unknown as Readonly<Record<string, unknown>>;
    if (event.kind === kind) for (const row of fields[kind] as Row[]) state.rows.set(nameOf(row), row);
    for (const row of (fields["repositories"] ?? []) as RepositoryRow[]) {
      const name = `${row.namespace} ${row.repository}`;
      if (row.images === 0) state.repositories.delete(name);
      else state.repositories.set(name, row);
    }
    if (event.kind === "removed") {
      const { namespace, name, id } = fields as { namespace?: string; name?: string; id?: string };
      state.rows.delete([namespace, name ?? id].filter((part) => part !== undefined).join(" "));
    }
  }

  async function read(): Promise<void> {
    const stopping = new AbortController().signal;
    for await (const event of open({ stopping, signal: gone.signal })) take(event);
  }
  read().catch((error: unknown) => {
    state.error = error;
  });
  onTestFinished(() => gone.abort());
  return state;
}

/** Sizes of these together. */
export function sizeOf(...blobs: readonly Named[]): number {
  return blobs.reduce((sum, { text }) => sum + text.length, 0);
}
