import { createRemoteStore } from "../../content/remote/store.ts";
import type { Store as ContentStore } from "../../content/store.ts";
import { createLiveBlobs } from "./blobs.ts";
import { createLiveIngests } from "./ingests.ts";
import { pageLink, serverTransport } from "./link.ts";

/** The ingests of the chosen namespaces; every page has them, for the mark in the navigation. */
export const liveIngests = createLiveIngests(pageLink);

/** The blobs of the list. */
export const liveBlobs = createLiveBlobs("Blobs", pageLink);

/** One blob, in every namespace that holds it. */
export const liveBlob = createLiveBlobs("Blob", pageLink);

/** The content of a namespace, for all that does not follow changes. */
export function contentOf(namespace: string): ContentStore {
  return createRemoteStore(serverTransport(), { namespace });
}
