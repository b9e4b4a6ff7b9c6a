import type { AuditEvent, AuditKept } from "../../content/audit.ts";
import type { ImageRow, LeaseRow, NamespaceRow, RepositoryRow } from "../../content/catalog.ts";
import type { ImageEvent, LeaseEvent, NamespaceEvent } from "../../content/remote/catalog.ts";
import type { BeginEvent, BookmarkEvent, ConnectionEvent } from "../../content/remote/events.ts";

/** The sets of the catalog. */
export type CatalogSet = "images" | "leases" | "namespaces";

/** What comes as the sets of the catalog do: those, and what was done. */
export type SideSet = CatalogSet | "events";

/** A row of the catalog as it goes from one script to another. */
export type CatalogItem =
  | { readonly of: "images"; readonly key: string; readonly row: ImageRow }
  | { readonly of: "repositories"; readonly key: string; readonly row: RepositoryRow }
  | { readonly of: "leases"; readonly key: string; readonly row: LeaseRow }
  | { readonly of: "namespaces"; readonly key: string; readonly row: NamespaceRow }
  | { readonly of: "events"; readonly key: string; readonly row: AuditEvent }
  | { readonly of: "kept"; readonly key: string; readonly row: AuditKept };

/** What one of these sets tells, whichever it is. */
export type CatalogEvent =
  | BeginEvent
  | BookmarkEvent
  | ConnectionEvent
  | { readonly kind: "items"; readonly items: readonly CatalogItem[] }
  | { readonly kind: "gone"; readonly key: string };

/** The key of an image's or a lease's row: a name is unique in its namespace. */
export function namedKey(namespace: string, name: string): string {
  return `${namespace} ${name}`;
}

/** Images with their repositories, as any set of the catalog. */
export async function* imageItems(events: AsyncIterable<ImageEvent>): AsyncGenerator<CatalogEvent, void, undefined> {
  for await (const event of events) {
    if (event.kind === "removed") yield { kind: "gone", key: namedKey(event.namespace, event.name) };
    else if (event.kind === "images") yield { kind: "items", items: itemsOfImages(event) };
    else yield event;
  }
}

function itemsOfImages({ images, repositories }: ImageEvent & { readonly kind: "images" }): readonly CatalogItem[] {
  return [
    ...images.map((row): CatalogItem => ({ of: "images", key: keyOfRow(row), row })),
    ...repositories.map(
      (row): CatalogItem => ({ of: "repositories", key: repositoryKey(row.namespace, row.repository), row }),
    ),
  ];
}

/** The key of what the images of a repository are together; no image has it, since no name begins with a space. */
export function repositoryKey(namespace: string, repository: string): string {
  return `${namespace}  ${repository}`;
}

/** Leases as any set of the catalog. */
export async function* leaseItems(events: AsyncIterable<LeaseEvent>): AsyncGenerator<CatalogEvent, void, undefined> {
  for await (const event of events) {
    if (event.kind === "removed") yield { kind: "gone", key: namedKey(event.namespace, event.id) };
    else if (event.kind === "leases") {
      const items = event.leases.map((row) => ({ of: "leases", key: keyOfRow(row), row }) as const);
      yield { kind: "items", items };
    } else yield event;
  }
}

/** Namespaces as any set of the catalog. */
export async function* namespaceItems(
  events: AsyncIterable<NamespaceEvent>,
): AsyncGenerator<CatalogEvent, void, undefined> {
  for await (const event of events) {
    if (event.kind === "removed") yield { kind: "gone", key: event.name };
    else if (event.kind === "namespaces") {
      const items = event.namespaces.map((row) => ({ of: "namespaces", key: keyOfRow(row), row }) as const);
      yield { kind: "items", items };
    } else yield event;
  }
}

/** The key of a row of the catalog. */
export function keyOfRow(row: ImageRow | LeaseRow | NamespaceRow): string {
  if ("image" in row) return namedKey(row.namespace, row.image.name);
  return "lease" in row ? namedKey(row.namespace, row.lease.id) : row.name;
}
