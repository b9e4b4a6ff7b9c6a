import type { NamespaceRow } from "../../content/catalog.ts";
import { isKind } from "../../content/errors.ts";
import type { NamedRow } from "../../content/query.ts";
import { deleteNamespace } from "../../content/remote/namespaces.ts";
import type { CatalogQuery } from "../_catalog/catalog-query.ts";
import type { Named } from "../_catalog/chosen-now.ts";
import type { CatalogKind, Held } from "../_catalog/kind.ts";
import { compareNames, sortRows } from "../_catalog/kind.ts";
import { namedTokens } from "../_catalog/row-tokens.ts";
import { liveNamespaces } from "../_live/catalog-live.ts";
import { storeHref } from "../_live/here.ts";
import { serverTransport } from "../_live/link.ts";
import { createChoiceStore } from "../_ui/list/choice-store.ts";
import type { SortKey } from "../_ui/list/column.ts";
import type { ChoiceKind } from "../_ui/list/use-chosen.ts";

/** What a query asks of a namespace. */
export function namedNamespace({ name, labels, bytes }: NamespaceRow): NamedRow {
  return { namespace: name, texts: [name], labels, bytes, createdAt: undefined, states: [] };
}

/** The page of namespaces. */
export const namespaceKind: CatalogKind<"namespaces"> = {
  set: "namespaces",
  title: "Namespaces",
  noun: "namespace",
  live: liveNamespaces,
  isOfAll: true,
  namedOf: namedNamespace,
  nameField: "ns",
  states: [],
  sortable: ["name", "blobs", "bytes", "only", "images", "leases", "ingests", "collected"],
  firstSort: { id: "name", isDescending: false },
  ascendingFirst: new Set(["name"]),
};

type Compare = (a: Held<"namespaces">, b: Held<"namespaces">) => number;

const by =
  (value: (row: NamespaceRow) => number): Compare =>
  (a, b) =>
    value(a.row) - value(b.row);

const byName: Compare = (a, b) => compareNames(a.row.name, b.row.name);

const comparisons: Readonly<Record<string, Compare>> = {
  name: byName,
  blobs: by(({ blobs }) => blobs),
  bytes: by(({ bytes }) => bytes),
  only: by(({ onlyBytes }) => onlyBytes),
  images: by(({ images }) => images),
  leases: by(({ leases }) => leases),
  ingests: by(({ ingests }) => ingests),
  collected: by(({ collected }) => Number(collected)),
};

/** The namespaces in an order; equal ones by name. */
export function sortNamespaces(
  rows: readonly Held<"namespaces">[],
  sort: readonly SortKey[],
): readonly Held<"namespaces">[] {
  return sortRows(rows, sort, comparisons, byName);
}

/** What is left in a namespace: each with the page that shows it; nothing: it can be deleted. */
export interface Left {
  readonly noun: "blob" | "image" | "lease" | "ingest";
  readonly count: number;
  readonly href: string;
}

/** What of each kind there is in a namespace. */
export function leftIn({ name, blobs, images, leases, ingests }: NamespaceRow): readonly Left[] {
  const all: readonly Left[] = [
    { noun: "blob", count: blobs, href: scopedHref("/content", name) },
    { noun: "image", count: images, href: scopedHref("/images", name) },
    { noun: "lease", count: leases, href: scopedHref("/leases", name) },
    { noun: "ingest", count: ingests, href: scopedHref("/ingests", name) },
  ];
  return all.filter(({ count }) => count > 0);
}

/** A page about one namespace. */
export function scopedHref(path: string, name: string): string {
  return storeHref(`${path}?ns=${encodeURIComponent(name)}`);
}

/** The namespaces that are chosen. */
export const chosenNamespaces = createChoiceStore<NamespaceRow, CatalogQuery>();

/** What a chosen namespace is called. */
export function nameOfNamespace({ name }: NamespaceRow): Named {
  return { namespace: name, name };
}

/** Tokens of the query language that a namespace matches. */
export function namespaceTokens({ row, goneAt }: Held<"namespaces">): readonly string[] {
  return goneAt === undefined ? namedTokens(namedNamespace(row)) : [];
}

/** The rows of the page as a choice. */
export const namespaceChoice: ChoiceKind<Held<"namespaces">, NamespaceRow, CatalogQuery> = {
  store: chosenNamespaces,
  keyOf: ({ name }) => name,
  itemOf: ({ row }) => row,
  isGone: ({ goneAt }) => goneAt !== undefined,
};

/** Removes an empty namespace. @returns `already`: there is none any more. @throws what the server refuses */
export async function dropNamespace(name: string, signal?: AbortSignal): Promise<"done" | "already"> {
  try {
    await deleteNamespace(serverTransport(), {}, name, signal);
    return "done";
  } catch (error) {
    if (isKind(error, "not-found")) return "already";
    throw error;
  }
}
