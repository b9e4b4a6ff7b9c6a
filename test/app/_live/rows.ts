import { makeDigest } from "../../../content/parse-digest.ts";
import type { Blob, BookmarkEvent, EndedIngest, Ingest } from "../../../content/remote/events.ts";

/** When everything in these tests happens first. */
export const startMs = Date.UTC(2026, 0, 1);

/** A blob whose digest begins with `hex`. */
export function blobOf(hex: string, { namespace = "default", size = 1, createdAt = new Date(startMs) } = {}): Blob {
  const digest = makeDigest("sha256", hex.padEnd(64, "0"));
  return { namespace, info: { digest, size, createdAt, updatedAt: createdAt, labels: {} } };
}

/** An ingest that somebody writes. */
export function ingestOf(
  ref: string,
  offset = 0,
  changes: Partial<Ingest> & { readonly startedAt?: Date } = {},
): Ingest {
  const { startedAt = new Date(startMs), ...rest } = changes;
  return {
    namespace: "default",
    status: { ref, offset, total: 1000, startedAt, updatedAt: startedAt },
    state: "writing",
    holder: "ctr",
    lockedAt: startedAt,
    rateBytesPerSecond: 100,
    lastError: "",
    ...rest,
  };
}

/** The end of such an ingest. */
export function endOf(ref: string, changes: Partial<EndedIngest> = {}): EndedIngest {
  const times = { startedAt: new Date(startMs), endedAt: new Date(startMs + 1000) };
  return { namespace: "default", ref, outcome: "aborted", size: 5, by: "", ...times, ...changes };
}

export function bookmark(count: number, changes: Partial<BookmarkEvent> = {}): BookmarkEvent {
  const totals = { count, bytes: count, wholeCount: count, wholeBytes: count };
  return { kind: "bookmark", serverTime: new Date(startMs), complete: true, ...totals, ...changes };
}
