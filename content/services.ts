/** What a containerd and a Stowage serve beside content: images, leases and namespaces. */
export { partsOfName, repositoryOf } from "./catalog.ts";
export type { Image, ImageDraft, ImageTarget } from "./image.ts";
export type { Lease, LeaseResource } from "./lease.ts";
export { createImage, deleteImage, getImage, listImages, updateImage } from "./remote/images.ts";
export { addLeaseResource, createLease, deleteLease, leaseResources } from "./remote/leases.ts";
export type { NamespaceLabels } from "./remote/namespaces.ts";
export { createNamespace, deleteNamespace, labelNamespace, listNamespaces } from "./remote/namespaces.ts";
export type { ServerFacts } from "./remote/server.ts";
export { getServer } from "./remote/server.ts";
