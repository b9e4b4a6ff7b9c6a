import type { Transport } from "@connectrpc/connect";
import { goQuote } from "../../content/quote.ts";
import { listImages } from "../../content/remote/images.ts";
import { polledNamespaces } from "../../content/remote/polled-scope.ts";
import type { FoundBlobs } from "./find-blobs.ts";
import { findBlobs } from "./find-blobs.ts";
import { mostOfGroup } from "./found.ts";

/** Something with a name in a namespace: an image, or an ingest by its ref. */
export interface FoundName {
  readonly namespace: string;
  readonly name: string;
}

/** What a store has of what is wanted. */
export interface FoundInStore {
  /** Absent: no digest is wanted. */
  readonly blobs?: FoundBlobs;
  readonly images: readonly FoundName[];
  readonly ingests: readonly FoundName[];
}

/** What is looked for in a store. */
export interface SearchedFor {
  /** A part of a name or ref, in any case. */
  readonly words: string;
  /** A digest, or its beginning; absent: none is wanted. */
  readonly digest?: string;
  /** Whether refs of ingests are looked for; those of the page's own store are followed anyway. */
  readonly hasIngests: boolean;
}

/** Namespaces that are looked through for names, at most: each takes two calls. */
const mostNamespaces = 16;

/**
 * Look through a store: its blobs by a digest, its images and ingests by a part of their names. So many of each are told as a group
 * shows.
 *
 * @throws what the store refuses, or that it does not answer
 */
export async function searchStore(
  transport: Transport,
  wanted: SearchedFor,
  signal: AbortSignal,
): Promise<FoundInStore> {
  const { digest } = wanted;
  const blobs = digest === undefined ? undefined : await findBlobs(transport, digest, signal);
  return { ...(blobs && { blobs }), ...(await searchNames(transport, wanted, signal)) };
}

async function searchNames(
  transport: Transport,
  { words, hasIngests }: SearchedFor,
  signal: AbortSignal,
): Promise<Pick<FoundInStore, "images" | "ingests">> {
  const images: FoundName[] = [];
  const ingests: FoundName[] = [];
  const part = `~=${goQuote(`(?i)${words.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")}`)}`;
  const namespaces = await polledNamespaces(transport, { selection: { namespaces: ["*"] } }, signal);
  for (const { namespace, store } of namespaces.slice(0, mostNamespaces)) {
    if (images.length < mostOfGroup) {
      const found = await listImages(transport, { namespace }, [`name${part}`], signal);
      images.push(...found.map(({ name }) => ({ namespace, name })));
    }
    if (!hasIngests || ingests.length >= mostOfGroup) continue;
    for await (const { ref } of store.listStatuses([`ref${part}`], signal)) ingests.push({ namespace, name: ref });
  }
  return { images: images.slice(0, mostOfGroup), ingests: ingests.slice(0, mostOfGroup) };
}
