import type { FetchProgress } from "../../content/catalog.ts";
import { hexOf } from "../../content/digest.ts";
import { ContentError, isKind } from "../../content/errors.ts";
import type { Image } from "../../content/image.ts";
import { documentLimits, refKey } from "../../content/references.ts";
import { sleep } from "../../content/remote/sleep.ts";
import type { Scope, Store } from "../../content/store.ts";
import { writeBlob } from "../../content/write-blob.ts";
import type { ImagePart } from "../catalog/images/parts.ts";
import { partsOf } from "../catalog/images/parts.ts";
import type { Metadata } from "../metadata/metadata.ts";
import type { FetchState } from "./fetch-progress.ts";
import { createFetchState } from "./fetch-progress.ts";
import { keepChildren } from "./keep-children.ts";
import type { Outgoing } from "./outgoing.ts";
import type { Origin, Registry } from "./registry.ts";
import { createRegistry, originOf } from "./registry.ts";
import type { Registries } from "./settings.ts";

/** How and from where. */
export interface FetchOptions {
  readonly registries: Registries;
  readonly ask: Outgoing;
}

/** Blobs that are fetched at once, as containerd does. */
const parallel = 3;

/** Milliseconds between two messages about it. */
const tickMs = 250;

/** Looks for what is missing: documents lead to others, four deep. */
const maxRounds = 8;

/** What is fetched is kept so long, in milliseconds, where it is not brought to its end; containerd's leases are as long. */
const leaseMs = 24 * 60 * 60_000;

/**
 * Fetch what an image lacks from its registry, verified by the store, and label it so that it stays. It tells how far it is, and ends once
 * nothing is missing. While it goes on, a lease holds what came; that stays for a day where it is broken off.
 *
 * @param scope whose writes they are
 * @throws as `FetchMissing` in proto/stowage/v1/catalog.proto says
 */
export async function* fetchMissing(
  metadata: Pick<Metadata, "in" | "catalog" | "leases">,
  scope: Scope,
  image: Image,
  { registries, ask }: FetchOptions,
  signal: AbortSignal,
): AsyncGenerator<FetchProgress, void, undefined> {
  const origin = originOf(image.name);
  const state = createFetchState(origin.host);
  const over = new AbortController();
  const either = AbortSignal.any([signal, over.signal]);
  const registry = createRegistry(origin, registries, ask);
  const work = fetchAll({ metadata, scope, image, origin, registry, state, signal: either });
  try {
    for (let isDone = false; !isDone; ) {
      // Once it was aborted nothing sleeps any more, and what is under way needs the event loop to end.
      const tick = either.aborted ? [] : [sleep(tickMs, either).then(() => false)];
      isDone = await Promise.race([work.then(() => true), ...tick]);
      yield state.at(isDone);
    }
  } finally {
    over.abort();
    await work.catch(() => undefined);
  }
}

interface Fetch {
  readonly metadata: Pick<Metadata, "in" | "catalog" | "leases">;
  readonly scope: Scope;
  readonly image: Image;
  readonly origin: Origin;
  readonly registry: Registry;
  readonly state: FetchState;
  readonly signal: AbortSignal;
}

async function fetchAll(fetch: Fetch): Promise<void> {
  const { metadata, scope, image } = fetch;
  const { namespace } = scope;
  const lease = await holdLease(metadata.leases, namespace, `stowage-fetch-${hexOf(image.target.digest).slice(0, 16)}`);
  const store = metadata.in({ ...scope, lease });
  try {
    await fetchRounds(fetch, store);
    await metadata.leases.delete(namespace, lease).catch(ignoreMissing);
  } catch (error) {
    const held = await metadata.leases.resources(namespace, lease).catch(() => undefined);
    // Nothing came that would have to stay.
    if (held?.length === 0) await metadata.leases.delete(namespace, lease).catch(ignoreMissing);
    throw error;
  }
}

/** Until nothing is missing, and what came is led to. */
async function fetchRounds(fetch: Fetch, store: Store): Promise<void> {
  const { metadata, image, signal } = fetch;
  const { namespace } = fetch.scope;
  for (let round = 0; round < maxRounds; round += 1) {
    const { parts, truncated } = await partsOf(metadata.catalog, namespace, image);
    if (truncated) throw new ContentError("failed-precondition", `${image.name} leads to more than can be fetched`);
    const missing = parts.filter(({ isThere }) => !isThere);
    for (const { digest, size } of missing) fetch.state.wanted(digest, size);
    if (missing.length === 0) return await keepChildren(metadata.catalog, store, parts, signal);
    await fetchParts(missing, store, fetch);
  }
  throw new ContentError("failed-precondition", `${image.name} is nested too deeply`);
}

/** The same lease each time, so that what was broken off is gone on with under it. */
async function holdLease(leases: Metadata["leases"], namespace: string, id: string): Promise<string> {
  const until = new Date(Date.now() + leaseMs);
  try {
    await leases.create(namespace, id, { "containerd.io/gc.expire": until.toISOString() });
  } catch (error) {
    if (!isKind(error, "already-exists")) throw error;
    await leases.extend(namespace, id, until);
  }
  return id;
}

function ignoreMissing(error: unknown): void {
  if (!isKind(error, "not-found")) throw error;
}

/** A few at once; the first that fails ends the others. */
async function fetchParts(parts: readonly ImagePart[], store: Store, fetch: Fetch): Promise<void> {
  const failed = new AbortController();
  const signal = AbortSignal.any([fetch.signal, failed.signal]);
  const queue = [...parts];
  let failure: { readonly error: unknown } | undefined;

  async function work(): Promise<void> {
    for (let part = queue.shift(); part !== undefined && !signal.aborted; part = queue.shift()) {
      try {
        await fetchPart(part, store, { ...fetch, signal });
      } catch (error) {
        failure ??= { error };
        failed.abort();
      }
    }
  }

  await Promise.all(Array.from({ length: parallel }, work));
  if (failure !== undefined) throw failure.error;
  if (signal.aborted) throw new ContentError("cancelled", "the call was cancelled");
}

async function fetchPart(part: ImagePart, store: Store, { origin, registry, state, signal }: Fetch): Promise<void> {
  const { digest, mediaType, size, kind } = part;
  const isDocument = kind === "index" || kind === "manifest";
  if (size === 0) throw new ContentError("failed-precondition", `what names ${digest} does not say its size`);
  if (isDocument && size > documentLimits.bytes) {
    throw new ContentError("failed-precondition", `${digest} is too large for a manifest`);
  }
  const labels = { [`containerd.io/distribution.source.${origin.name}`]: origin.repository };
  const ref = refKey({ digest, mediaType });
  let offset: number | undefined;
  const onProgress = (reached: number): void => {
    offset = reached;
    state.reached(digest, reached);
  };
  try {
    const source = registry.blob(digest, size, isDocument);
    await writeBlob(store, ref, source, { digest, size }, { labels, signal, onProgress });
  } catch (error) {
    // All bytes came, and the store refused them.
    const areWrong = offset === size && isKind(error, "failed-precondition");
    // Neither wrong bytes nor none are anything to go on with. Where it was never open, the ingest is another's.
    if (areWrong || offset === 0) await store.abort(ref).catch(ignoreMissing);
    if (!areWrong) throw error;
    throw new ContentError("data-loss", `${origin.host} sends other bytes than ${digest}`, { cause: error });
  }
  state.done(digest);
}
