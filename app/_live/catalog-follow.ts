import type { Transport } from "@connectrpc/connect";
import type { CatalogFollowOptions } from "../../content/remote/catalog.ts";
import { followImages, followLeases, followNamespaces } from "../../content/remote/catalog.ts";
import type { CatalogEvent, CatalogSet } from "./catalog-events.ts";
import { imageItems, leaseItems, namespaceItems } from "./catalog-events.ts";

/** A set of the catalog, followed over a transport; throws as content/remote/catalog.ts does. */
export function followCatalog(
  transport: Transport,
  of: CatalogSet,
  options: CatalogFollowOptions,
  signal: AbortSignal,
): AsyncIterable<CatalogEvent> {
  switch (of) {
    case "images":
      return imageItems(followImages(transport, options, signal));
    case "leases":
      return leaseItems(followLeases(transport, options, signal));
    case "namespaces":
      return namespaceItems(followNamespaces(transport, options, signal));
  }
}
