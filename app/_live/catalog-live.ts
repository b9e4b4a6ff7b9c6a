import { createLiveCatalog } from "./catalog.ts";
import { pageLink } from "./link.ts";

/** The images of the chosen namespaces. */
export const liveImages = createLiveCatalog("images", "Images", pageLink);

/** The leases of the chosen namespaces. */
export const liveLeases = createLiveCatalog("leases", "Leases", pageLink);

/** All namespaces. */
export const liveNamespaces = createLiveCatalog("namespaces", "Namespaces", pageLink);
