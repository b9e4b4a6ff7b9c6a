import type { Transport } from "@connectrpc/connect";
import type { Digest } from "../../content/digest.ts";
import { isDigest } from "../../content/digest.ts";
import { isKind } from "../../content/errors.ts";
import { formatQuery, readQuery, toContainerdFilters } from "../../content/query.ts";
import type { Blob } from "../../content/remote/events.ts";
import { getBlobPage } from "../../content/remote/pages.ts";
import { polledNamespaces } from "../../content/remote/polled-scope.ts";
import type { Info, Store } from "../../content/store.ts";
import { mostOfGroup } from "./found.ts";

/** Blobs of all namespaces whose digest begins so. */
export interface FoundBlobs {
  /** The first ones by digest. */
  readonly blobs: readonly Blob[];
  /** How many there are. */
  readonly count: number;
  /** False: there may be more. */
  readonly isExact: boolean;
}

const everywhere = { namespaces: ["*"] } as const;

/**
 * Look for a digest in all namespaces, over the whole set.
 *
 * @param digest as a query says it: a whole one, or its beginning
 */
export async function findBlobs(transport: Transport, digest: string, signal: AbortSignal): Promise<FoundBlobs> {
  const query = readQuery(digest, "blobs");
  const selection = { ...everywhere, query: formatQuery(query) };
  const page = await getBlobPage(transport, { selection, orderBy: "digest", size: mostOfGroup }, signal);
  if (page !== undefined) return { blobs: page.blobs, count: page.count, isExact: true };
  const { filters } = toContainerdFilters(query);
  return walkAll(transport, signal, (store) =>
    isDigest(digest) ? one(store, digest, signal) : store.walk(filters, signal),
  );
}

/** A server without pages is asked in one namespace after another, until there is enough to show. */
async function walkAll(
  transport: Transport,
  signal: AbortSignal,
  walk: (store: Store) => AsyncIterable<Info>,
): Promise<FoundBlobs> {
  const blobs: Blob[] = [];
  for (const { namespace, store } of await polledNamespaces(transport, { selection: everywhere }, signal)) {
    for await (const info of walk(store)) {
      if (blobs.length === mostOfGroup) return { blobs, count: blobs.length, isExact: false };
      blobs.push({ namespace, info });
    }
  }
  return { blobs, count: blobs.length, isExact: true };
}

async function* one(store: Store, digest: Digest, signal: AbortSignal): AsyncIterable<Info> {
  try {
    yield await store.info(digest, signal);
  } catch (error) {
    if (!isKind(error, "not-found")) throw error;
  }
}
