import { inBatches } from "./batches.ts";
import type { BlobRow } from "./change.ts";
import type { BlobEvent } from "./events.ts";
import type { FeedTiming } from "./timing.ts";
import { rowKey } from "./window.ts";

/** What a reader is told of some changes, one event a row. */
export interface BlobNews {
  /** @param held the reader has an older state of the row */
  put(row: BlobRow, held: boolean): void;
  removed(event: BlobEvent & { readonly kind: "removed" }): void;
  /** A row is no longer inside the window. */
  fell(row: BlobRow): void;
  events(): readonly BlobEvent[];
}

/** No news yet. @param limits of one event */
export function createBlobNews(limits: Pick<FeedTiming, "batchRows" | "batchBytes">): BlobNews {
  const rows = new Map<string, BlobRow>();
  const removals: BlobEvent[] = [];
  const unheld = new Set<string>();
  return {
    put(row, held) {
      const name = rowKey(row.namespace, row.info.digest);
      rows.set(name, row);
      if (!held) unheld.add(name);
    },
    removed(event) {
      removals.push(event);
    },
    fell({ namespace, info: { digest } }) {
      const name = rowKey(namespace, digest);
      rows.delete(name);
      if (!unheld.has(name)) removals.push({ kind: "removed", namespace, digest, leftSelection: true });
    },
    events() {
      const batches = [...inBatches([...rows.values()], limits)];
      return [...removals, ...batches.map((batch) => ({ kind: "blobs", rows: batch }) as const)];
    },
  };
}
