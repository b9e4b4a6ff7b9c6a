import { create } from "@bufbuild/protobuf";
import { imageRowToWire, leaseRowToWire, namespaceRowToWire, repositoryRowToWire } from "../../content/wire.ts";
import type {
  ListImagesResponse,
  ListLeasesResponse,
  ListNamespacesResponse,
} from "../../gen/stowage/v1/catalog_pb.js";
import {
  ImageBatchSchema,
  ImageRemovedSchema,
  LeaseBatchSchema,
  LeaseRemovedSchema,
  ListImagesResponseSchema,
  ListLeasesResponseSchema,
  ListNamespacesResponseSchema,
  NamespaceBatchSchema,
  NamespaceRemovedSchema,
} from "../../gen/stowage/v1/catalog_pb.js";
import type { CatalogImageEvent, CatalogLeaseEvent, CatalogNamespaceEvent } from "../catalog/watch.ts";
import type { Frame } from "../feed/events.ts";
import { frameCase } from "./stowage-events.ts";

/** One event of a watch of images as a message of ListImages. */
export function imageEventToWire(event: CatalogImageEvent | Frame): ListImagesResponse {
  return create(ListImagesResponseSchema, { event: imageCase(event) });
}

/** One event of a watch of leases as a message of ListLeases. */
export function leaseEventToWire(event: CatalogLeaseEvent | Frame): ListLeasesResponse {
  return create(ListLeasesResponseSchema, { event: leaseCase(event) });
}

/** One event of a watch of namespaces as a message of ListNamespaces. */
export function namespaceEventToWire(event: CatalogNamespaceEvent | Frame): ListNamespacesResponse {
  return create(ListNamespacesResponseSchema, { event: namespaceCase(event) });
}

function imageCase(event: CatalogImageEvent | Frame): ListImagesResponse["event"] {
  switch (event.kind) {
    case "images": {
      const images = event.images.map(imageRowToWire);
      const repositories = event.repositories.map(repositoryRowToWire);
      return { case: "batch", value: create(ImageBatchSchema, { images, repositories }) };
    }
    case "removed":
      return { case: "removed", value: create(ImageRemovedSchema, event) };
    default:
      return frameCase(event);
  }
}

function leaseCase(event: CatalogLeaseEvent | Frame): ListLeasesResponse["event"] {
  switch (event.kind) {
    case "leases":
      return { case: "batch", value: create(LeaseBatchSchema, { leases: event.leases.map(leaseRowToWire) }) };
    case "removed":
      return { case: "removed", value: create(LeaseRemovedSchema, event) };
    default:
      return frameCase(event);
  }
}

function namespaceCase(event: CatalogNamespaceEvent | Frame): ListNamespacesResponse["event"] {
  switch (event.kind) {
    case "namespaces": {
      const namespaces = event.namespaces.map(namespaceRowToWire);
      return { case: "batch", value: create(NamespaceBatchSchema, { namespaces }) };
    }
    case "removed":
      return { case: "removed", value: create(NamespaceRemovedSchema, event) };
    default:
      return frameCase(event);
  }
}
