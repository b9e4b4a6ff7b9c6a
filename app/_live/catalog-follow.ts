import type { Transport } from "@connectrpc/connect";
import { followAudit } from "../../content/remote/audit.ts";
import type { CatalogFollowOptions } from "../../content/remote/catalog.ts";
import { followImages, followLeases, followNamespaces } from "../../content/remote/catalog.ts";
import { auditItems } from "./audit-items.ts";
import type { CatalogEvent, SideSet } from "./catalog-events.ts";
import { imageItems, leaseItems, namespaceItems } from "./catalog-events.ts";

/** Which rows of a set are wanted. */
export interface SideFollowOptions extends CatalogFollowOptions {
  /** Of events, the query; absent: all. */
  readonly query?: string;
}

/** A set, followed over a transport; throws as content/remote/catalog.ts and audit.ts do. */
export function followCatalog(
  transport: Transport,
  of: SideSet,
  options: SideFollowOptions,
  signal: AbortSignal,
): AsyncIterable<CatalogEvent> {
  switch (of) {
    case "images":
      return imageItems(followImages(transport, options, signal));
    case "leases":
      return leaseItems(followLeases(transport, options, signal));
    case "namespaces":
      return namespaceItems(followNamespaces(transport, options, signal));
    case "events": {
      const { query = "", namespaces = [], ...rest } = options;
      return auditItems(followAudit(transport, { ...rest, selection: { query, namespaces } }, signal));
    }
  }
}
