import type { CallOptions, Transport } from "@connectrpc/connect";
import { createClient } from "@connectrpc/connect";
import type {
  ListImagesResponse,
  ListLeasesResponse,
  ListNamespacesResponse,
} from "../../gen/stowage/v1/catalog_pb.js";
import { CatalogService } from "../../gen/stowage/v1/catalog_pb.js";
import type { Hold, ImageRow, LeaseRow, NamespaceRow, RepositoryRow } from "../catalog.ts";
import type { Digest } from "../digest.ts";
import type { Lease } from "../lease.ts";
import {
  holdFromWire,
  imageRowFromWire,
  leaseFromWire,
  leaseRowFromWire,
  namespaceRowFromWire,
  repositoryRowFromWire,
  timeToWire,
} from "../wire.ts";
import type { CallScope } from "./call.ts";
import { answerOf, headersOf, wanted } from "./call.ts";
import type { BeginEvent, BookmarkEvent, ConnectionEvent } from "./events.ts";
import type { WholeFollowOptions } from "./follow-whole.ts";
import { followWhole } from "./follow-whole.ts";
import type { EndOfStream } from "./stream.ts";
import { frameEvent } from "./stream.ts";

/** What every set of the catalog tells besides its rows. */
type Frame = BeginEvent | BookmarkEvent | ConnectionEvent;

export type ImageEvent =
  | Frame
  | {
      readonly kind: "images";
      readonly images: readonly ImageRow[];
      /** One without images is gone. */
      readonly repositories: readonly RepositoryRow[];
    }
  | { readonly kind: "removed"; readonly namespace: string; readonly name: string };

export type LeaseEvent =
  | Frame
  | { readonly kind: "leases"; readonly leases: readonly LeaseRow[] }
  | { readonly kind: "removed"; readonly namespace: string; readonly id: string };

export type NamespaceEvent =
  | Frame
  | { readonly kind: "namespaces"; readonly namespaces: readonly NamespaceRow[] }
  | { readonly kind: "removed"; readonly name: string };

export interface CatalogFollowOptions extends WholeFollowOptions {
  /** Names, or `["*"]` for all; none: the namespace of the scope. Namespaces themselves are always told all. */
  readonly namespaces?: readonly string[];
}

const lacks = "the server has no catalog";

/**
 * The images of some namespaces, and their repositories, as they change, until the signal aborts. A lost connection is opened
 * anew, and tells the whole set again, after `begin`.
 *
 * @throws `invalid-argument`, `permission-denied`, `unauthenticated` or `failed-precondition` as the server says, the last
 * also for a server without a catalog; every other error is a `waiting` connection
 */
export function followImages(
  transport: Transport,
  options: CatalogFollowOptions,
  signal: AbortSignal,
): AsyncIterable<ImageEvent> {
  const client = createClient(CatalogService, transport);
  const request = { namespaces: [...(options.namespaces ?? [])], follow: true };
  const open = (call: CallOptions) => client.listImages(request, call);
  return followWhole({ open, eventOf: imageEvent }, lacks, options, signal);
}

/** The leases of some namespaces as they change; otherwise as followImages. */
export function followLeases(
  transport: Transport,
  options: CatalogFollowOptions,
  signal: AbortSignal,
): AsyncIterable<LeaseEvent> {
  const client = createClient(CatalogService, transport);
  const request = { namespaces: [...(options.namespaces ?? [])], follow: true };
  const open = (call: CallOptions) => client.listLeases(request, call);
  return followWhole({ open, eventOf: leaseEvent }, lacks, options, signal);
}

/** Every namespace as it changes; otherwise as followImages. */
export function followNamespaces(
  transport: Transport,
  options: CatalogFollowOptions,
  signal: AbortSignal,
): AsyncIterable<NamespaceEvent> {
  const client = createClient(CatalogService, transport);
  const open = (call: CallOptions) => client.listNamespaces({ follow: true }, call);
  return followWhole({ open, eventOf: namespaceEvent }, lacks, options, signal);
}

/** What keeps a blob from being collected. @throws `not-found` where the namespace does not have it */
export async function holdOf(
  transport: Transport,
  scope: CallScope,
  namespace: string,
  digest: Digest,
  signal?: AbortSignal,
): Promise<Hold> {
  const client = createClient(CatalogService, transport);
  const call = client.getHold({ namespace, digest }, { headers: headersOf(scope), signal });
  return holdFromWire(await answerOf(call, signal));
}

/**
 * Set when a lease expires.
 *
 * @param expiresAt absent: it does not expire by itself any more
 * @throws `not-found`; `invalid-argument` for a time that is past
 */
export async function extendLease(
  transport: Transport,
  scope: CallScope,
  { namespace, id, expiresAt }: { readonly namespace: string; readonly id: string; readonly expiresAt?: Date },
  signal?: AbortSignal,
): Promise<Lease> {
  const client = createClient(CatalogService, transport);
  const request = { namespace, id, ...(expiresAt && { expiresAt: timeToWire(expiresAt) }) };
  const { lease } = await answerOf(client.extendLease(request, { headers: headersOf(scope), signal }), signal);
  return wanted(lease, leaseFromWire);
}

function imageEvent({ event }: ListImagesResponse): Exclude<ImageEvent, ConnectionEvent> | EndOfStream | undefined {
  switch (event.case) {
    case "batch": {
      const { images, repositories } = event.value;
      return {
        kind: "images",
        images: images.map(imageRowFromWire),
        repositories: repositories.map(repositoryRowFromWire),
      };
    }
    case "removed":
      return { kind: "removed", namespace: event.value.namespace, name: event.value.name };
    default:
      return frameEvent(event);
  }
}

function leaseEvent({ event }: ListLeasesResponse): Exclude<LeaseEvent, ConnectionEvent> | EndOfStream | undefined {
  switch (event.case) {
    case "batch":
      return { kind: "leases", leases: event.value.leases.map(leaseRowFromWire) };
    case "removed":
      return { kind: "removed", namespace: event.value.namespace, id: event.value.id };
    default:
      return frameEvent(event);
  }
}

function namespaceEvent({
  event,
}: ListNamespacesResponse): Exclude<NamespaceEvent, ConnectionEvent> | EndOfStream | undefined {
  switch (event.case) {
    case "batch":
      return { kind: "namespaces", namespaces: event.value.namespaces.map(namespaceRowFromWire) };
    case "removed":
      return { kind: "removed", name: event.value.name };
    default:
      return frameEvent(event);
  }
}
