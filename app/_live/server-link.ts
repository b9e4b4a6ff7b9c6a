import { followBlobs, followIngests } from "../../content/remote/follow.ts";
import type { followCatalog } from "./catalog-follow.ts";
import { followCatalogLater } from "./catalog-later.ts";
import type { HubLink } from "./hub.ts";
import { serverTransport } from "./server-transport.ts";

/** Streams of this script's own, from its server. @param catalog absent: what that takes is loaded once it is asked for */
export function createServerLink(catalog: typeof followCatalog = followCatalogLater): HubLink {
  const retries = new EventTarget();

  function wake(retry: () => void): () => void {
    retries.addEventListener("retry", retry);
    return () => retries.removeEventListener("retry", retry);
  }

  return {
    blobs: (question, signal) => followBlobs(serverTransport(), { ...question, wake }, signal),
    ingests: (question, signal) => followIngests(serverTransport(), { ...question, wake }, signal),
    catalog: (of, { selection }, signal) =>
      catalog(serverTransport(), of, { namespaces: selection?.namespaces ?? ["*"], wake }, signal),
    retry: () => void retries.dispatchEvent(new Event("retry")),
  };
}
