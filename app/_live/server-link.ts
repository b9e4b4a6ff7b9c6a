import type { Selection } from "../../content/remote/events.ts";
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
    blobs: ({ store = "", ...question }, signal) => followBlobs(serverTransport(store), { ...question, wake }, signal),
    ingests: ({ store = "", ...question }, signal) =>
      followIngests(serverTransport(store), { ...question, wake }, signal),
    catalog: (of, { store = "", selection }, signal) =>
      catalog(
        serverTransport(store),
        of,
        { namespaces: selection?.namespaces ?? ["*"], ...queryOf(selection), wake },
        signal,
      ),
    retry: () => void retries.dispatchEvent(new Event("retry")),
  };
}

function queryOf(selection: Selection | undefined): Pick<Selection, "query"> {
  return selection?.query === undefined ? {} : { query: selection.query };
}
