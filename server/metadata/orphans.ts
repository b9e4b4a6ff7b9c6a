import { setTimeout as sleep } from "node:timers/promises";
import type { Digest } from "../../content/digest.ts";
import { isHeld } from "./blobs.ts";
import type { Core } from "./core.ts";

/** How the search spares the disk and the calls beside it. */
export interface OrphanSearchTiming {
  /** Milliseconds from the start to the search. */
  readonly delayMs: number;
  /** Blobs between two rests. */
  readonly batch: number;
  /** Milliseconds of a rest. */
  readonly restMs: number;
}

/** What a server uses: some 5,000 blobs a second. */
export const orphanSearchTiming: OrphanSearchTiming = { delayMs: 30_000, batch: 250, restMs: 50 };

/** Digests that the report names. */
const named = 5;

/**
 * Look once for blobs below that no namespace holds, and report them, such as what somebody put into the folder by hand. What a
 * crash left of a removal is none of them: see leaving.ts. They are not touched; whoever commits the same bytes takes them over.
 *
 * @returns ends the search
 */
export function startOrphanSearch(core: Core, timing = orphanSearchTiming): () => Promise<void> {
  const stop = new AbortController();
  const search = (async () => {
    await sleep(timing.delayMs, undefined, { signal: stop.signal, ref: false });
    await searchOrphans(core, timing, stop.signal);
  })().catch((err: unknown) => {
    if (!stop.signal.aborted) core.logger.error({ err }, "the search for blobs that nobody holds failed");
  });
  return async () => {
    stop.abort();
    await search;
  };
}

async function searchOrphans(core: Core, { batch, restMs }: OrphanSearchTiming, signal: AbortSignal): Promise<void> {
  let looked = 0;
  let bytes = 0;
  const found: Digest[] = [];
  let count = 0;
  for await (const { digest, size } of core.below.walk([], signal)) {
    looked += 1;
    if (looked % batch === 0) await sleep(restMs, undefined, { signal, ref: false });
    if (!(await isOrphan(core, digest))) continue;
    count += 1;
    bytes += size;
    if (found.length < named) found.push(digest);
  }
  if (count > 0) core.logger.warn({ count, bytes, digests: found }, "blobs that no namespace holds");
}

/** A commit that is under way has published its bytes before their row; it is waited for. */
async function isOrphan(core: Core, digest: Digest): Promise<boolean> {
  if (isHeld(core.connection, digest)) return false;
  using _held = await core.digests.hold(digest);
  return !isHeld(core.connection, digest);
}
