import { setImmediate as nextTurn } from "node:timers/promises";
import { throwIfCancelled } from "../../../content/errors.ts";
import { expiryOf } from "../../../content/gc-labels.ts";
import type { Core } from "../core.ts";
import { dropUnleasedIngests } from "../ingests.ts";
import { findLease, pageLeases, removeLease } from "../lease-rows.ts";
import type { Collected } from "../metadata.ts";
import { collectedNamespaces } from "../namespaces.ts";
import type { Marker } from "./marker.ts";
import { isPast } from "./roots.ts";
import { sweepImage } from "./sweep.ts";
import { sweepBlobs } from "./sweep-blobs.ts";

/** Leases of one page. */
const leasesAtOnce = 250;

type Counts = { -readonly [K in keyof Collected]: Collected[K] };

/**
 * Collect every namespace that uses leases or images, one after the other; see Metadata.collect. What is to go is found by a
 * thread over a view of one moment, then removed in steps that each look first whether it became of use since that moment.
 *
 * @param marker the thread
 */
export async function collect(core: Core, marker: Marker, signal: AbortSignal | undefined): Promise<Collected> {
  const total: Counts = { leases: 0, ingests: 0, images: 0, blobs: 0, bytes: 0, ms: 0 };
  const namespaces = collectedNamespaces(core.connection);
  if (namespaces.length > 0) await marker.start(signal);
  for (const namespace of namespaces) {
    if (core.backends.has(namespace)) continue;
    const counts = await collectNamespace(core, marker, namespace, signal);
    for (const what of Object.keys(total) as (keyof Counts)[]) total[what] += counts[what];
  }
  return total;
}

async function collectNamespace(
  core: Core,
  marker: Marker,
  namespace: string,
  signal: AbortSignal | undefined,
): Promise<Collected> {
  const startedMs = performance.now();
  const leases = await removeExpiredLeases(core, namespace, signal);
  const ingests = await dropUnleasedIngests(core, namespace);
  const counts: Counts = { leases, ingests, images: 0, blobs: 0, bytes: 0, ms: 0 };
  core.barrier.begin(namespace);
  try {
    for (const name of await marker.mark(namespace, Date.now(), signal)) {
      throwIfCancelled(signal);
      if (await sweepImage(core, namespace, name)) counts.images += 1;
    }
    await sweepBlobs(core, marker, namespace, signal, ({ blobs, bytes }) => {
      counts.blobs += blobs;
      counts.bytes += bytes;
    });
  } finally {
    core.barrier.end();
  }
  const isEmpty = Object.values(counts).every((count) => count === 0);
  counts.ms = Math.round(performance.now() - startedMs);
  if (!isEmpty) core.logger.info({ namespace, ...counts }, "collected");
  return counts;
}

async function removeExpiredLeases(core: Core, namespace: string, signal: AbortSignal | undefined): Promise<number> {
  let removed = 0;
  let after: string | undefined = "";
  do {
    throwIfCancelled(signal);
    const page = pageLeases(core.connection, namespace, after, leasesAtOnce);
    const expired = page.filter(({ labels }) => isPast(expiryOf(labels), Date.now()));
    const gone = await core.transactions.durable((tables, note) => {
      const still = expired.filter(
        ({ id, createdAt }) => findLease(tables, namespace, id)?.createdAt.getTime() === createdAt.getTime(),
      );
      for (const lease of still) removeLease(tables, note, namespace, lease, true);
      return still;
    });
    for (const { id } of gone) core.logger.info({ namespace, lease: id, reason: "expired" }, "lease collected");
    removed += gone.length;
    after = page.length < leasesAtOnce ? undefined : page.at(-1)?.id;
    await nextTurn();
  } while (after !== undefined);
  return removed;
}
