import type { BlobChange, BlobRow, Change, IngestChange } from "./change.ts";
import type { HistoryLimits } from "./history.ts";
import { createHistory } from "./history.ts";
import { ingestKey } from "./ingest-key.ts";
import { rowBytes } from "./row-bytes.ts";

/** What a stream that goes on has to know of a blob's change. */
export type LoggedBlob = Omit<BlobChange, "kind" | "elsewhere">;

/** What became of ingests since a moment. */
export interface LoggedIngests {
  /** Every end, in order. */
  readonly ends: readonly IngestChange[];
  /** True where somebody began to write that ingest, or let go of it. Bytes that arrived are not remembered. */
  changed(namespace: string, ref: string): boolean;
}

/**
 * The latest changes of a store, for streams that go on where an earlier one was cut.
 *
 * Of ingests it remembers their ends, and when each was last opened or let go: a fast writer takes no room, and no end
 * pushes out a blob's change. Where an ingest stands is the store's to tell.
 */
export interface ChangeLog {
  add(change: Change): void;
  /** Changes of blobs behind that number; absent where it does not remember them all. */
  blobsSince(sequence: number): readonly LoggedBlob[] | undefined;
  /** What became of ingests behind that number; absent where it does not remember all of it. */
  ingestsSince(sequence: number): LoggedIngests | undefined;
}

/** What a server remembers of blobs, and again of ingests. */
export const logLimits: HistoryLimits = { ageMs: 10 * 60_000, entries: 100_000, bytes: 64 * 1024 * 1024 };

/** Bytes of an entry, and of an end beside its text: what V8 takes for them, roughly. */
const cost = { entry: 200, end: 400 } as const;

/** An empty log. */
export function createChangeLog(limits: HistoryLimits = logLimits): ChangeLog {
  const blobs = createHistory<LoggedBlob>(limits);
  const ends = createHistory<IngestChange>(limits);
  /** When an ingest that has not ended was last opened or let go, the oldest first. */
  const opened = new Map<string, number>();
  let forgotten = 0;

  function addIngest(change: IngestChange): void {
    const key = ingestKey(change.namespace, change.ref);
    if (change.after === undefined) {
      opened.delete(key);
      ends.add(change, cost.entry + cost.end + 2 * key.length);
      return;
    }
    if (isProgress(change)) return;
    opened.delete(key);
    opened.set(key, change.sequence);
    if (opened.size > limits.entries) forgetOldest();
  }

  function forgetOldest(): void {
    for (const [key, sequence] of opened) {
      opened.delete(key);
      forgotten = sequence;
      return;
    }
  }

  return {
    add(change) {
      if (change.kind === "ingest") addIngest(change);
      if (change.kind !== "blob") return;
      const { kind: _, elsewhere: __, ...logged } = change;
      blobs.add(logged, cost.entry + sizeOf(logged.before) + sizeOf(logged.after));
    },
    blobsSince: (sequence) => blobs.since(sequence),
    ingestsSince(sequence) {
      const since = ends.since(sequence);
      if (since === undefined || sequence < forgotten) return undefined;
      return { ends: since, changed: (namespace, ref) => (opened.get(ingestKey(namespace, ref)) ?? 0) > sequence };
    },
  };
}

/** True where the same writer only went on. */
function isProgress({ before, after }: IngestChange): boolean {
  return before?.lockedAt !== undefined && before.lockedAt.getTime() === after?.lockedAt?.getTime();
}

function sizeOf(row: BlobRow | undefined): number {
  return row === undefined ? 0 : rowBytes(row);
}
