import { setTimeout as sleep } from "node:timers/promises";
import type { Digest } from "../../../content/digest.ts";
import { throwIfCancelled } from "../../../content/errors.ts";
import type { Core } from "../core.ts";
import type { Collected } from "../metadata.ts";
import type { UnmarkedPage } from "./mark.ts";
import type { Marker } from "./marker.ts";
import { sweepBlob } from "./sweep.ts";

/** Blobs of one question to the thread. */
const lookedAtOnce = 5000;

/** Blobs whose removals share a transaction: while nobody else writes, and beside others, who wait for some 5 ms. */
const sweptAtOnce = { alone: 50, besideOthers: 10 } as const;

/** Milliseconds of a rest, at most. */
const longestRestMs = 100;

/** Removals after which what they wrote is brought home; some 4 MiB of it. */
const sweptToCheckpoint = 100;

/** What a sweep removed. */
export type Swept = Pick<Collected, "blobs" | "bytes">;

/**
 * Remove the blobs that a mark did not reach. While others write, its steps are smaller, and it rests after each as long as
 * the step took.
 *
 * @param swept told of every step @throws `cancelled`
 */
export async function sweepBlobs(
  core: Core,
  marker: Marker,
  namespace: string,
  signal: AbortSignal | undefined,
  swept: (step: Swept) => void,
): Promise<void> {
  const unmarked = unmarkedBlobs(marker, signal);
  let size: number = sweptAtOnce.alone;
  let written = 0;
  for (let digests = await take(unmarked, size); digests.length > 0; digests = await take(unmarked, size)) {
    throwIfCancelled(signal);
    const [before, startedMs] = [core.barrier.changes, performance.now()];
    swept(await sweepStep(core, namespace, digests));
    written += digests.length;
    if (written >= sweptToCheckpoint) {
      await marker.checkpoint(signal);
      written = 0;
    }
    const isAlone = core.barrier.changes === before;
    size = isAlone ? sweptAtOnce.alone : sweptAtOnce.besideOthers;
    if (!isAlone) await sleep(Math.min(performance.now() - startedMs, longestRestMs));
  }
}

async function* unmarkedBlobs(
  marker: Marker,
  signal: AbortSignal | undefined,
): AsyncGenerator<Digest, void, undefined> {
  let after: string | undefined = "";
  do {
    const page: UnmarkedPage = await marker.blobs(after, lookedAtOnce, signal);
    yield* page.digests;
    after = page.next;
  } while (after !== undefined);
}

/** The next so many; fewer at the end. */
async function take(digests: AsyncGenerator<Digest, void, undefined>, count: number): Promise<readonly Digest[]> {
  const taken: Digest[] = [];
  while (taken.length < count) {
    const next = await digests.next();
    if (next.done) break;
    taken.push(next.value);
  }
  return taken;
}

async function sweepStep(core: Core, namespace: string, unmarked: readonly Digest[]): Promise<Swept> {
  const sizes = await Promise.all(unmarked.map((digest) => sweepBlob(core, namespace, digest)));
  const digests = unmarked.filter((_, index) => sizes[index] !== undefined);
  const bytes = sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0);
  if (digests.length > 0) {
    core.logger.info({ namespace, digests, bytes, reason: "nothing leads to them" }, "blobs collected");
  }
  return { blobs: digests.length, bytes };
}
