import type { Change } from "../feed/change.ts";
import type { Feed } from "../feed/feed.ts";
import type { Audit } from "./audit.ts";
import type { AuditEntry } from "./entry.ts";

/**
 * Record what a store removes by itself: what nothing leads to, and what is expired. What somebody asked for is told by the calls.
 *
 * @param store its name @returns a function that ends it
 */
export function recordRemovals(
  audit: Pick<Audit, "record">,
  { feed, store }: { readonly feed: Pick<Feed, "listen">; readonly store: string },
): () => void {
  return feed.listen((change) => {
    const entry = removalOf(change);
    if (entry !== undefined) audit.record({ ...entry, store, namespace: change.namespace });
  });
}

function removalOf(change: Change): AuditEntry | undefined {
  switch (change.kind) {
    case "blob": {
      const { before, after, collected, digest } = change;
      if (collected !== true || after !== undefined) return undefined;
      return { act: "collect", kind: "blob", cause: "collection", digest, ...(before && { bytes: before.info.size }) };
    }
    case "lease":
      return change.collected === true ? { act: "expire", kind: "lease", cause: "expiry", name: change.id } : undefined;
    case "image":
      if (change.collected !== true) return undefined;
      return {
        act: "expire",
        kind: "image",
        cause: "expiry",
        name: change.name,
        digest: change.before?.target.digest ?? "",
      };
    case "ingest": {
      const { end, ref, before } = change;
      if (end?.outcome !== "expired") return undefined;
      const digest = before?.status.expected ?? "";
      return { act: "expire", kind: "ingest", cause: "expiry", name: ref, digest, bytes: end.size };
    }
    case "namespace":
      return undefined;
  }
}
