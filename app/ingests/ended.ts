import type { EndedIngest } from "../../content/remote/events.ts";
import { storeHref } from "../_live/here.ts";
import { formatBytes, formatDuration } from "../_ui/format.ts";

/** What an ended ingest left or lost, in words. */
export function endWords({ outcome, size, startedAt, endedAt }: EndedIngest): string {
  const took = formatDuration(endedAt.getTime() - startedAt.getTime());
  if (outcome === "committed") return `${formatBytes(size)} in ${took}`;
  if (outcome === "existed") return "was stored already";
  if (outcome === "unknown") return `${formatBytes(size)} when last seen`;
  return `discarded ${formatBytes(size)}`;
}

/** A shorter time than this says nothing of a rate, in milliseconds. */
const leastRateMs = 1000;

/** The mean rate of an ingest that became a blob, in bytes per second; absent for any other, and where it was quick. */
export function rateOfEnded({ outcome, size, startedAt, endedAt }: EndedIngest): number | undefined {
  const ms = endedAt.getTime() - startedAt.getTime();
  return outcome === "committed" && ms >= leastRateMs ? (size / ms) * 1000 : undefined;
}

/** The page of the blob that an ingest became; absent for one that became none. */
export function hrefOfEnded({ outcome, namespace, digest }: EndedIngest): string | undefined {
  const isStored = outcome === "committed" || outcome === "existed";
  if (!isStored || digest === undefined) return undefined;
  return storeHref(`/blob?ns=${encodeURIComponent(namespace)}&d=${digest}`);
}
