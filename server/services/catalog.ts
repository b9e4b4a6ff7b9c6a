import type { HandlerContext } from "@connectrpc/connect";
import { z } from "zod";
import type { Caller } from "../../content/caller.ts";
import { validateNamespace } from "../../content/identifiers.ts";
import { parseDigest } from "../../content/parse-digest.ts";
import { goQuote } from "../../content/quote.ts";
import {
  fetchProgressToWire,
  holdToWire,
  leaseToWire,
  missingToWire,
  timeFromWire,
  troubleToWire,
} from "../../content/wire.ts";
import type {
  ExtendLeaseRequest,
  FetchMissingRequest,
  GetHoldRequest,
  GetMissingRequest,
  GetTroubleRequest,
  ListImagesRequest,
  ListImagesResponse,
  ListLeasesRequest,
  ListLeasesResponse,
  ListNamespacesRequest,
  ListNamespacesResponse,
} from "../../gen/stowage/v1/catalog_pb.js";
import { CatalogService } from "../../gen/stowage/v1/catalog_pb.js";
import { missingOf, partsOf } from "../catalog/images/parts.ts";
import type { CatalogTiming } from "../catalog/timing.ts";
import { catalogTiming } from "../catalog/timing.ts";
import { countTrouble } from "../catalog/trouble.ts";
import type { CatalogWatch } from "../catalog/watch.ts";
import { createCatalog } from "../catalog/watch.ts";
import { chooseScope } from "../feed/scope.ts";
import type { FeedTiming } from "../feed/timing.ts";
import { feedTiming } from "../feed/timing.ts";
import type { Metadata } from "../metadata/metadata.ts";
import { definePlugin } from "../plugins/plugin.ts";
import type { Service } from "../plugins/service.ts";
import { callKey, scopeOf } from "../policy/call.ts";
import { labelChanges } from "../policy/call-audit.ts";
import { connectionKey } from "../policy/identify.ts";
import { requireNamespace } from "../policy/permissions.ts";
import { readable } from "../policy/readable.ts";
import type { StreamLimits } from "../policy/stream-places.ts";
import { createStreamPlaces, sharedStreamPlaces } from "../policy/stream-places.ts";
import { fetchMissing } from "../registry/fetch-missing.ts";
import { createFetchPlaces } from "../registry/fetch-places.ts";
import { createOutgoing } from "../registry/outgoing.ts";
import type { Registries } from "../registry/settings.ts";
import { registriesSchema } from "../registry/settings.ts";
import { imageEventToWire, leaseEventToWire, namespaceEventToWire } from "./catalog-events.ts";
import { beforeChange } from "./noting.ts";

/** What the service is made with. */
export interface CatalogOptions {
  /** Aborted when the server begins to stop: streams end then. */
  readonly stopping: AbortSignal;
  /** Told of what nobody waits for, such as an image that could not be walked. */
  readonly failed: (error: unknown) => void;
  /** What is said of registries that may be asked; absent: nothing. */
  readonly registries?: Registries;
  /** How this server names itself to them; absent: `stowage`. */
  readonly userAgent?: string;
  /** Absent members are what a server uses. */
  readonly timing?: Partial<FeedTiming & CatalogTiming>;
  /** Absent: what a server uses, for this service and the others over the same metadata together. */
  readonly streams?: StreamLimits;
}

/** `stowage.v1.CatalogService`: images, leases and namespaces as sets that follow changes, and what holds a blob. */
export function createCatalogService(
  metadata: Pick<Metadata, "feed" | "catalog" | "ingests" | "leases" | "images" | "in">,
  { stopping, failed, timing, streams, registries = {}, userAgent = "stowage" }: CatalogOptions,
): Service {
  const catalog = createCatalog(metadata, { ...feedTiming, ...catalogTiming, ...timing }, failed);
  const ask = createOutgoing({ registries, userAgent });
  const fetches = createFetchPlaces();
  const places = streams ? createStreamPlaces(streams) : sharedStreamPlaces(metadata);
  // Nothing of it may read from a metadata that is closed.
  stopping.addEventListener("abort", () => catalog[Symbol.dispose](), { once: true });

  /** A place for as long as somebody reads; whoever is gone may never ask for the stream's end. */
  function takePlace({ values, signal }: HandlerContext): Disposable {
    const place = places.take(values.get(connectionKey), values.get(callKey).caller.identity);
    signal.addEventListener("abort", () => place[Symbol.dispose](), { once: true });
    return place;
  }

  async function* listImages(request: ListImagesRequest, context: HandlerContext): AsyncGenerator<ListImagesResponse> {
    using _place = takePlace(context);
    const events = catalog.images(watchOf(request, context), { stopping, signal: context.signal });
    for await (const event of events) yield imageEventToWire(event);
  }

  async function* listLeases(request: ListLeasesRequest, context: HandlerContext): AsyncGenerator<ListLeasesResponse> {
    using _place = takePlace(context);
    const events = catalog.leases(watchOf(request, context), { stopping, signal: context.signal });
    for await (const event of events) yield leaseEventToWire(event);
  }

  async function* listNamespaces(
    { follow }: ListNamespacesRequest,
    context: HandlerContext,
  ): AsyncGenerator<ListNamespacesResponse> {
    using _place = takePlace(context);
    const { namespaces: readable } = context.values.get(callKey).access;
    const events = catalog.namespaces({ follow, readable }, { stopping, signal: context.signal });
    for await (const event of events) yield namespaceEventToWire(event);
  }

  async function getTrouble({ namespaces }: GetTroubleRequest, { values, signal }: HandlerContext) {
    const { access, namespace } = values.get(callKey);
    const scope = chooseScope(readable({ namespaces }, access), namespace);
    return troubleToWire(await countTrouble(metadata.catalog.leases(scope.namespaces), signal));
  }

  async function getMissing({ namespace, name }: GetMissingRequest, context: HandlerContext) {
    const chosen = namespaceOf(namespace, context);
    const image = await metadata.images.get(chosen, name);
    return missingToWire(missingOf(await partsOf(metadata.catalog, chosen, image)));
  }

  async function* fetchMissingOf({ namespace, name }: FetchMissingRequest, context: HandlerContext) {
    const scope = { ...callerOf(context), namespace: namespaceOf(namespace, context) };
    const { note } = context.values.get(callKey);
    note?.({ namespace: scope.namespace });
    const image = await metadata.images.get(scope.namespace, name);
    note?.({ digest: image.target.digest });
    using _place = fetches.take(`${scope.namespace} ${image.target.digest}`);
    const signal = AbortSignal.any([context.signal, stopping]);
    for await (const progress of fetchMissing(metadata, scope, image, { registries, ask }, signal)) {
      note?.({ bytes: progress.bytesDone });
      yield fetchProgressToWire(progress);
    }
  }

  async function getHold({ namespace, digest }: GetHoldRequest, context: HandlerContext) {
    const name = namespaceOf(namespace, context);
    return holdToWire(await metadata.catalog.hold(name, parseDigest(digest), context.signal));
  }

  async function extendLease({ namespace, id, expiresAt }: ExtendLeaseRequest, context: HandlerContext) {
    const name = namespaceOf(namespace, context);
    const { note } = context.values.get(callKey);
    note?.({ namespace: name });
    const [before] = (await beforeChange(note, () => metadata.leases.list(name, [`id==${goQuote(id)}`]))) ?? [];
    const lease = await metadata.leases.extend(name, id, timeFromWire(expiresAt));
    note?.({ changes: labelChanges(before?.labels, lease.labels) });
    return { lease: leaseToWire(lease) };
  }

  const implementation = {
    listImages,
    listLeases,
    listNamespaces,
    getTrouble,
    getMissing,
    fetchMissing: fetchMissingOf,
    getHold,
    extendLease,
  };
  return { register: (router) => router.service(CatalogService, implementation) };
}

function watchOf(
  { namespaces, follow }: ListImagesRequest | ListLeasesRequest,
  { values }: HandlerContext,
): CatalogWatch {
  const { namespace, access } = values.get(callKey);
  return { ...readable({ namespaces }, access), follow, namespace, readable: access.namespaces };
}

/** Who writes what a call makes this server fetch. */
function callerOf({ values }: HandlerContext): { readonly caller: Caller } {
  return { caller: values.get(callKey).caller };
}

/** The namespace that a request names, or else the one of the call. @throws `permission-denied` for one that the caller may not see */
function namespaceOf(name: string, { values }: HandlerContext): string {
  const call = values.get(callKey);
  if (name === "") return scopeOf(call).namespace;
  validateNamespace(name);
  requireNamespace(call.access, name);
  return name;
}

/** Serves `stowage.v1.CatalogService` over the metadata. */
export const catalogPlugin = definePlugin({
  type: "service",
  id: "catalog",
  requires: [{ type: "metadata" }],
  config: z.strictObject({ registries: registriesSchema.default({}) }),
  async open(context) {
    return createCatalogService(context.get("metadata"), {
      stopping: context.stopping,
      registries: context.config.registries,
      userAgent: `stowage/${context.version}`,
      failed: (err) => context.logger.warn({ err }, "a part of the catalog could not be read"),
    });
  },
});
