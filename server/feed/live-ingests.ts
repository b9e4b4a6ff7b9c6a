import type { EndedIngest, Ingest } from "../../content/remote/events.ts";
import type { Metadata } from "../metadata/metadata.ts";
import type { Change, IngestChange, IngestRow } from "./change.ts";
import type { LoggedIngests } from "./change-log.ts";
import type { IngestEvent, SetTotals } from "./events.ts";
import { ingestKey } from "./ingest-key.ts";
import type { CompiledIngestSelection } from "./ingest-selection.ts";
import type { LiveSet } from "./live-set.ts";
import { createPending } from "./pending.ts";
import type { RateMeter } from "./rate.ts";
import type { FeedTiming } from "./timing.ts";
import type { Wake } from "./wake.ts";

/** Which ingests a reader follows, and how. */
export interface IngestQuery {
  readonly selection: CompiledIngestSelection;
  /** Least milliseconds between two rows of an ingest; its end waits for nothing. */
  readonly minIntervalMs: number;
}

/** What a reader is to be told of an ingest. */
interface DueIngest {
  readonly row: IngestRow;
  /** Number of the first change that it is not told; infinite where only time went by. */
  readonly since: number;
}

/** An ingest that the selection covers, as it was when it was last looked at. */
interface KnownIngest {
  readonly row: IngestRow;
  readonly ingest: Ingest;
  /** True: the reader has it. False: it was not selected. */
  readonly selected: boolean;
}

/**
 * The ingests of a query, live.
 *
 * Of rows the latest is told, of ends every one, and each before whatever comes later on its ref. It holds a row for each
 * ingest that the reader has, or that may come into the selection.
 */
export function openLiveIngests(
  metadata: Pick<Metadata, "feed" | "ingests">,
  meter: RateMeter,
  query: IngestQuery,
  timing: FeedTiming,
  wake: Wake,
): LiveSet<IngestEvent> {
  const { selection, minIntervalMs } = query;
  const known = new Map<string, KnownIngest>();
  const pending = createPending<string, DueIngest>(minIntervalMs, timing.pendingKeys, ({ row }) => ingestBytes(row));
  let ends: IngestChange[] = [];
  /** Ingests whose end is among them: what was known of one is over, and nothing of it is told after its end. */
  const ended = new Set<string>();
  /** What the ends take in memory. */
  let endBytes = 0;
  /** Changes up to this number are told without hearing of them. */
  let resumedAt = 0;
  let overflowed = false;

  using opening = new DisposableStack();
  opening.defer(metadata.feed.listen(hear));
  opening.defer(meter.join(lookAgain));
  const open = opening.move();

  function hear(change: Change): void {
    if (change.kind !== "ingest" || change.sequence <= resumedAt || !selection.covers(change)) return;
    const key = ingestKey(change.namespace, change.ref);
    if (change.after !== undefined) {
      const { since = change.sequence } = pending.get(key) ?? {};
      pending.set(key, { row: change.after, since: Math.min(since, change.sequence) });
    } else {
      pending.forget(key);
      ends.push(change);
      ended.add(key);
      endBytes += ingestBytes(change.before);
    }
    const bytes = pending.bytes + endBytes;
    if (pending.size + ends.length > timing.pendingKeys || bytes > timing.pendingBytes) {
      overflowed = true;
      close();
    }
    wake.wake();
  }

  /** Rates fade and writers stall without a change. */
  function lookAgain(): void {
    const now = Date.now();
    for (const [key, { row, ingest, selected }] of known) {
      if (ended.has(key)) continue;
      const { state, rateBytesPerSecond } = toIngest(row, now);
      if (ingest.state === state && (!selected || ingest.rateBytesPerSecond === rateBytesPerSecond)) continue;
      if (pending.get(key) === undefined) pending.set(key, { row, since: Number.POSITIVE_INFINITY });
      wake.wake();
    }
  }

  function close(): void {
    open.dispose();
    pending.clear();
    known.clear();
    ends = [];
    ended.clear();
    endBytes = 0;
  }

  function toIngest(row: IngestRow, nowMs: number): Ingest {
    const { namespace, status, lockedAt, polled, expiresAt, holder, lastError } = row;
    return {
      namespace,
      status,
      state: stateOf(row, nowMs, timing.stalledMs),
      holder,
      ...(lockedAt && { lockedAt }),
      ...(expiresAt && { expiresAt }),
      // Nobody writes it: then nothing of the row changes by time alone.
      rateBytesPerSecond: lockedAt === undefined && !polled ? 0 : meter.rate(namespace, status.ref, nowMs),
      lastError,
    };
  }

  /** What a reader is told of rows as they are now. @param isHeld leaves out those that it has */
  function tell(rows: readonly IngestRow[], nowMs: number, isHeld?: (row: IngestRow) => boolean): IngestEvent[] {
    const ingests: Ingest[] = [];
    const left: IngestEvent[] = [];
    for (const row of rows) {
      const { namespace, status } = row;
      if (!selection.coversIngest({ namespace, ref: status.ref })) continue;
      const key = ingestKey(namespace, status.ref);
      const ingest = toIngest(row, nowMs);
      const selected = selection.selectsIngest(ingest);
      if (selected && !isHeld?.(row)) ingests.push(ingest);
      if (!selected && known.get(key)?.selected) left.push({ kind: "left", namespace, ref: status.ref });
      known.set(key, { row, ingest, selected });
    }
    return ingests.length > 0 ? [...left, { kind: "ingests", ingests }] : left;
  }

  async function* rows(isHeld?: (row: IngestRow) => boolean): AsyncGenerator<IngestEvent | undefined, void, undefined> {
    let batch: IngestRow[] = [];
    const batches = [batch];
    // All are read before the first is told, so that no slow reader keeps the query open.
    for await (const row of metadata.ingests(selection.namespaces)) {
      if (overflowed) return;
      if (batch.length === timing.batchRows) {
        batch = [];
        batches.push(batch);
      }
      batch.push(row);
    }
    for (const each of batches) yield* tell(each, Date.now(), isHeld);
    yield* changes();
  }

  async function resume(from: number): Promise<AsyncIterable<IngestEvent | undefined> | undefined> {
    const logged = metadata.feed.log.ingestsSince(from);
    if (logged === undefined || logged.ends.length > timing.pendingKeys) return undefined;
    resumedAt = metadata.feed.sequence;
    return tellMissed(logged);
  }

  /** Every end, and every row that somebody opened, let go of or writes: bytes that arrived are in no log. */
  async function* tellMissed(logged: LoggedIngests): AsyncGenerator<IngestEvent | undefined, void, undefined> {
    yield* tellEnds(logged.ends);
    yield* rows(
      ({ namespace, lockedAt, polled, status }) =>
        lockedAt === undefined && !polled && !logged.changed(namespace, status.ref),
    );
  }

  function tellEnds(over: readonly IngestChange[]): readonly IngestEvent[] {
    return over.flatMap((change) => {
      const isWanted = wantsEnd(change);
      known.delete(ingestKey(change.namespace, change.ref));
      return isWanted ? [{ kind: "ended", ended: toEnded(change) }] : [];
    });
  }

  /** The reader has it, or it was selected when it ended, however short it was. */
  function wantsEnd({ namespace, ref, before }: IngestChange): boolean {
    if (!selection.coversIngest({ namespace, ref })) return false;
    if (known.get(ingestKey(namespace, ref))?.selected) return true;
    return before === undefined || selection.selectsIngest(toIngest(before, Date.now()));
  }

  async function* changes(): AsyncGenerator<IngestEvent, void, undefined> {
    const nowMs = Date.now();
    const over = ends;
    ends = [];
    ended.clear();
    endBytes = 0;
    // What is pending of an ended ref came after its end.
    const changed = pending.take(nowMs, timing.batchRows).map(({ row }) => row);
    yield* [...tellEnds(over), ...tell(changed, nowMs)];
  }

  return {
    rows: () => rows(),
    resume,
    changes,
    get position() {
      let position = Math.max(resumedAt, metadata.feed.told);
      for (const { since } of pending.values()) position = Math.min(position, since - 1);
      return Math.min(position, (ends[0]?.sequence ?? Number.POSITIVE_INFINITY) - 1);
    },
    dueAt: () => (ends.length > 0 ? Date.now() : pending.dueAt(Date.now())),
    get overflowed() {
      return overflowed;
    },
    settled: true,
    get totals(): SetTotals {
      let count = 0;
      let bytes = 0;
      for (const { row, selected } of known.values()) {
        if (!selected) continue;
        count += 1;
        bytes += row.status.offset;
      }
      return { selected: { count, bytes } };
    },
    [Symbol.dispose]: close,
  };
}

/** What an ingest takes in memory, roughly, in bytes. */
function ingestBytes(row: IngestRow | undefined): number {
  return 1000 + 2 * ((row?.status.ref.length ?? 0) + (row?.holder.length ?? 0) + (row?.lastError.length ?? 0));
}

/** What an ingest is at a moment, by its writer and by when a byte last came. */
export function stateOf({ lockedAt, polled, status }: IngestRow, nowMs: number, stalledMs: number): Ingest["state"] {
  if (polled) return "unknown";
  if (lockedAt === undefined) return "resumable";
  const lastMs = Math.max(lockedAt.getTime(), status.updatedAt.getTime());
  return nowMs - lastMs >= stalledMs ? "stalled" : "writing";
}

function toEnded({ namespace, ref, before, end }: IngestChange): EndedIngest {
  const endedAt = end?.endedAt ?? new Date();
  return {
    namespace,
    ref,
    outcome: end?.outcome ?? "unknown",
    ...(end?.digest !== undefined && { digest: end.digest }),
    size: end?.size ?? 0,
    by: end?.by ?? "",
    startedAt: before?.status.startedAt ?? endedAt,
    endedAt,
  };
}
