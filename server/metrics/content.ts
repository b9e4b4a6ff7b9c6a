import type { CollectionTotals } from "../collection/schedule.ts";
import { stateOf } from "../feed/live-ingests.ts";
import type { Inventory, Transferred } from "../metadata/metadata.ts";
import type { Family, Sample } from "./family.ts";
import { counter, gauge } from "./family.ts";

/** Namespaces that have numbers of their own: the first by name. */
export const maxNamespaces = 100;

/** What stands for all other namespaces; no namespace can be called so. */
const othersName = "(others)";

/** What is stored. */
export function blobFamilies({ distinct, namespaces, others }: Inventory): readonly Family[] {
  const all = [...namespaces, ...(others === undefined ? [] : [{ name: othersName, ...others }])];
  const of = (value: "count" | "bytes"): readonly Sample[] =>
    all.map((each) => ({ labels: { namespace: each.name }, value: each[value] }));
  return [
    gauge(
      "stowage_blobs",
      `Blobs of a namespace; from the ${maxNamespaces + 1}st namespace by name on they are one, ${othersName}.`,
      of("count"),
    ),
    gauge(
      "stowage_blob_bytes",
      "Bytes of the blobs of a namespace; what several namespaces hold counts in each.",
      of("bytes"),
    ),
    gauge("stowage_distinct_blobs", "Blobs on disk: each digest once, whoever holds it.", distinct.count),
    gauge("stowage_distinct_blob_bytes", "Bytes of the blobs on disk: each digest once.", distinct.bytes),
  ];
}

/** What else there is: images, leases, ingests. @param stalledMs without a byte after which a writer stalls */
export function ingestFamilies(inventory: Inventory, nowMs: number, stalledMs: number): readonly Family[] {
  const { images, leases, written, resumable, oldestIngestAt } = inventory;
  const stalled = written.filter((row) => stateOf(row, nowMs, stalledMs) === "stalled").length;
  const states = { writing: written.length - stalled, stalled, resumable };
  const ageMs = oldestIngestAt === undefined ? 0 : Math.max(0, nowMs - oldestIngestAt.getTime());
  return [
    gauge("stowage_images", "Images of all namespaces.", images),
    gauge("stowage_leases", "Leases of all namespaces.", leases),
    gauge(
      "stowage_ingests",
      `Ingests by state: writing, stalled (held by a writer, no byte for ${stalledMs / 1000} s), resumable (nobody writes).`,
      Object.entries(states).map(([state, value]) => ({ labels: { state }, value })),
    ),
    gauge(
      "stowage_ingest_oldest_age_seconds",
      "Since when the oldest ingest is there; 0 where there is none.",
      ageMs / 1000,
    ),
  ];
}

/** What callers read and wrote. @param streams that follow changes and are open */
export function trafficFamilies({ readBytes, writtenBytes }: Transferred, streams: number): readonly Family[] {
  return [
    counter("stowage_read_bytes", "Bytes of blobs that callers read, by calls, downloads and exports.", readBytes),
    counter("stowage_written_bytes", "Bytes that callers wrote into ingests.", writtenBytes),
    gauge("stowage_streams", "Streams that follow changes and are open.", streams),
  ];
}

/** What collections did since the start. */
export function collectionFamilies({ runs, failures, ms, bytes, removed }: CollectionTotals): readonly Family[] {
  return [
    {
      name: "stowage_collection_duration_seconds",
      type: "summary",
      help: "Collections that came to their end, and how long they took.",
      samples: [
        { suffix: "_sum", value: ms / 1000 },
        { suffix: "_count", value: runs },
      ],
    },
    counter("stowage_collections_failed", "Collections that failed.", failures),
    counter(
      "stowage_collection_removed",
      "What collections removed, by kind: blobs, images, ingests, leases.",
      Object.entries(removed).map(([kind, value]) => ({ labels: { kind }, value })),
    ),
    counter(
      "stowage_collection_removed_bytes",
      "Bytes of the blobs that collections removed; what another namespace still holds counts too.",
      bytes,
    ),
  ];
}
