import { quoteValue } from "../../content/query.ts";
import type { Blob, Ingest } from "../../content/remote/events.ts";
import type { StoreFacts } from "../../content/remote/stores.ts";
import { storeHref } from "../_live/here.ts";
import { faultOf } from "../_query/fault.ts";
import { formatBytes, formatCount, formatCounted } from "../_ui/format.ts";
import { groupsElsewhere, imagesHere } from "./elsewhere-groups.ts";
import type { FoundBlobs } from "./find-blobs.ts";
import type { Found, FoundGroup } from "./found.ts";
import { blobHref, groupOf, hasWords, mostOfGroup } from "./found.ts";
import type { Place } from "./places.ts";
import { contentHref, ingestHref, scopeHref, storePlaceHref } from "./places.ts";
import type { Recent } from "./recent.ts";
import type { Wanted, WantedAnything } from "./recognize.ts";
import type { StoreAnswer } from "./search-stores.ts";

/** What there is to be found, as far as the page knows it. */
export interface Known {
  readonly place: Place;
  readonly pages: readonly Found[];
  readonly actions: readonly Found[];
  readonly namespaces: readonly string[];
  /** The stores of the server, where it has several. */
  readonly stores: readonly StoreFacts[];
  /** What the search in the stores brought by now. */
  readonly answers: readonly StoreAnswer[];
  readonly ingests: readonly Ingest[];
  readonly recent: readonly Recent[];
  /** False: whether what is typed is a query is not known yet. */
  readonly canCompile: boolean;
  /** What the server answered about the digest that is wanted; absent: nothing yet, or none is. */
  readonly blobs?: FoundBlobs;
}

/** What is found for a text, the likeliest first. */
export function findGroups(wanted: Wanted, known: Known): readonly FoundGroup[] {
  switch (wanted.kind) {
    case "nothing":
      return [...groupOf("Recent", known.recent.map(recentItem)), ...groupOf("Pages", known.pages)];
    case "actions":
      return groupOf("Actions", matching(known.actions, wanted.words));
    case "namespaces":
      return groupOf("Namespaces", namespaceItems(known, wanted.words));
    case "pages":
      return groupOf("Pages", matching(known.pages, wanted.words));
    case "stores":
      return groupOf("Stores", storeItems(known, wanted.words));
    case "labels":
      return groupOf("Labels", wanted.query === undefined ? [] : [labelItem(wanted.query, known.place)]);
    case "anything":
      return findAnything(wanted, known);
  }
}

function findAnything(wanted: WantedAnything, known: Known): readonly FoundGroup[] {
  const { words, digest, path } = wanted;
  return [
    ...groupOf("Address", path === undefined ? [] : [linkItem("address", "Open this address", path, path)]),
    ...groupOf("Blobs", digest === undefined ? [] : blobItems(wanted, known)),
    ...imagesHere(known.answers, known.place.store),
    ...groupOf("Ingests", ingestItems(known, words)),
    ...groupsElsewhere(known.answers, known.place.store),
    ...groupOf("Stores", storeItems(known, words).slice(0, mostOfGroup)),
    ...groupOf("Namespaces", namespaceItems(known, words).slice(0, mostOfGroup)),
    ...groupOf("Pages", matching(known.pages, words)),
    ...groupOf("Actions", matching(known.actions, words).slice(0, mostOfGroup)),
    ...groupOf("Search Content", digest === undefined && path === undefined ? queryItems(wanted, known) : []),
  ];
}

/** True where a query of Content is all that there is to offer. */
export function isNothing(groups: readonly FoundGroup[]): boolean {
  return groups.every(({ items }) => items.every(({ kind }) => kind === "query"));
}

/** What is typed may be a query for the whole page. */
function queryItems({ words }: WantedAnything, { place, canCompile }: Known): readonly Found[] {
  if (!canCompile || faultOf(words, "blobs", canCompile) !== undefined) return [];
  return [linkItem("query", words, scopeWords(place.scope), contentHref(words, place))];
}

function blobItems({ digest = "", namespace }: WantedAnything, { blobs: found, place }: Known): readonly Found[] {
  if (found === undefined) return [];
  const named = found.blobs.filter((blob) => blob.namespace === namespace);
  const others = found.blobs.filter((blob) => blob.namespace !== namespace);
  const items = [...named, ...others].map((blob) => blobItem(blob, place));
  if (found.isExact && found.count <= found.blobs.length) return items;
  const words = found.isExact ? `All ${formatCount(found.count)} in Content` : "All in Content";
  return [...items, linkItem("more", words, "", contentHref(digest, { ...place, scope: [] }))];
}

function blobItem({ namespace, info: { digest, size } }: Blob, { store }: Place): Found {
  return linkItem("blob", digest, `${formatBytes(size)} · ${namespace}`, storeHref(blobHref(namespace, digest), store));
}

function ingestItems({ ingests, place }: Known, words: string): readonly Found[] {
  const wanted = words.toLowerCase();
  const matches = ingests.filter(({ status }) => status.ref.toLowerCase().includes(wanted));
  const items = matches.slice(0, mostOfGroup).map(({ namespace, status: { ref } }) => {
    return linkItem("ingest", ref, namespace, ingestHref(place, namespace, refQuery(ref)));
  });
  if (matches.length <= items.length) return items;
  const all = `All ${formatCounted(matches.length, "ingest")} in Ingests`;
  return [...items, linkItem("more", all, "", ingestHref({ ...place, scope: [] }, "", refQuery(words)))];
}

function refQuery(ref: string): string {
  return `ref:${quoteValue(ref)}`;
}

function namespaceItems({ namespaces, place }: Known, words: string): readonly Found[] {
  const named = namespaces
    .filter((name) => hasWords(name, words))
    .map((name) => linkItem("namespace", name, noteOfScope(place.scope, name), scopeHref(place, [name])));
  const isAll = place.scope.length === 0;
  const all = linkItem("namespace", allNamespaces, isAll ? "now" : "", scopeHref(place, []));
  return hasWords(allNamespaces, words) ? [...named, all] : named;
}

const allNamespaces = "All namespaces";

function noteOfScope(scope: readonly string[], name: string): string {
  return scope.includes(name) ? "now" : "";
}

/** Stores by their names, or by the word `store`. */
function storeItems({ stores, place }: Known, words: string): readonly Found[] {
  return stores
    .filter(({ name, plugin }) => hasWords(`store ${name} ${plugin}`, words))
    .map(({ name, plugin, state, isDefault }) => {
      const store = isDefault ? "" : name;
      const isHere = store === place.store || name === place.store;
      const note = [plugin, ...(state === "live" ? [] : [state]), ...(isHere ? ["now"] : [])].join(" · ");
      return linkItem("store", name, note, storePlaceHref(place, store));
    });
}

function labelItem(query: string, place: Place): Found {
  return linkItem("label", query, scopeWords(place.scope), contentHref(query, place));
}

function scopeWords(scope: readonly string[]): string {
  return scope.length === 0 ? "all namespaces" : scope.join(", ");
}

function recentItem({ kind, label, note, href }: Recent): Found {
  return { ...linkItem(kind, label, note, href), key: `recent ${href}` };
}

function linkItem(kind: Found["kind"], label: string, note: string, href: string): Found {
  return { key: `${kind} ${label} ${href}`, kind, label, note, href };
}

function matching(items: readonly Found[], words: string): readonly Found[] {
  return items.filter(({ label }) => hasWords(label, words));
}
