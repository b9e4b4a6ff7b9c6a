import type { Digest } from "../../../content/digest.ts";
import type { Summary, Tree } from "./tree.ts";
import type { Usage } from "./usage.ts";
import type { Walked } from "./walk.ts";

/** What the images of a tree are told to be. */
export function summarize({ namespace }: Tree, walked: Walked, usage: Usage): Summary {
  let blobsPresent = 0;
  let bytes = 0;
  let uniqueBytes = 0;
  for (const digest of walked.needed) {
    const size = usage.sizeOf(namespace, digest);
    if (size === undefined) continue;
    blobsPresent += 1;
    bytes += size;
    if (usage.isOfOneTarget(digest)) uniqueBytes += size;
  }
  const isThere = (digest: Digest): boolean => usage.sizeOf(namespace, digest) !== undefined;
  return {
    platforms: walked.platforms.map(({ platform, needed, isFetched }) => ({
      platform,
      complete: isFetched && needed.every(isThere),
    })),
    blobsPresent,
    blobsNeeded: walked.needed.length,
    bytes,
    uniqueBytes,
    predicateTypes: walked.predicateTypes,
    truncated: walked.truncated,
  };
}
