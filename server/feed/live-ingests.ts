import type { EndedIngest, Ingest } from "../../content/remote/events.ts";
import type { Metadata } from "../metadata/metadata.ts";
import type { Change, IngestChange, IngestRow } from "./change.ts";
import type { LoggedIngests } from "./change-log.ts";
import type { IngestEvent, SetTotals } from "./events.ts";
import type { LiveSet } from "./live-set.ts";
import { createPending } from "./pending.ts";
import type { RateMeter } from "./rate.ts";
import { ingestKey } from "./rate.ts";
import type { CompiledSelection } from "./selection.ts";
import type { FeedTiming } from "./timing.ts";
import type { Wake } from "./wake.ts";

/** Which ingests a reader follows, and how. */
export interface IngestQuery {
  readonly selection: CompiledSelection;
  /** Least milliseconds between two rows of an ingest; its end waits for nothing. */
  readonly minIntervalMs: number;
}

/** What a reader is to be told of an ingest. */
interface DueIngest {
  readonly row: IngestRow;
  /** Number of the first change that it is not told; infinite where only time went by. */
  readonly since: number;
}

/** What a reader was told of an ingest. */
interface ToldIngest {
  readonly row: IngestRow;
  readonly told: Ingest;
}

/**
 * The ingests of a query, live.
 *
 * Of rows the latest is told, of ends every one, and each before whatever comes later on its ref. It holds a row for each
 * ingest that the reader has.
 */
export function openLiveIngests(
  metadata: Pick<Metadata, "feed" | "ingests">,
  meter: RateMeter,
  query: IngestQuery,
  timing: FeedTiming,
  wake: Wake,
): LiveSet<IngestEvent> {
  const { selection, minIntervalMs } = query;
  const held = new Map<string, ToldIngest>();
  const pending = createPending<string, DueIngest>(minIntervalMs, timing.pendingKeys);
  let ends: IngestChange[] = [];
  /** Changes up to this number are told without hearing of them. */
  let known = 0;
  let overflowed = false;

  using opening = new DisposableStack();
  opening.defer(metadata.feed.listen(hear));
  opening.defer(meter.join(lookAgain));
  const open = opening.move();

  function hear(change: Change): void {
    if (change.kind !== "ingest" || change.sequence <= known || !selection.covers(change)) return;
    const key = ingestKey(change.namespace, change.ref);
    if (change.after !== undefined) {
      pending.set(key, { row: change.after, since: pending.get(key)?.since ?? change.sequence });
    } else {
      pending.forget(key);
      ends.push(change);
    }
    if (pending.size + ends.length > timing.pendingKeys) {
      overflowed = true;
      close();
    }
    wake.wake();
  }

  /** Rates fade and writers stall without a change. */
  function lookAgain(): void {
    const now = Date.now();
    for (const [key, { row, told }] of held) {
      const { state, rateBytesPerSecond } = toIngest(row, now);
      if (told.state === state && told.rateBytesPerSecond === rateBytesPerSecond) continue;
      if (pending.get(key) === undefined) pending.set(key, { row, since: Number.POSITIVE_INFINITY });
      wake.wake();
    }
  }

  function close(): void {
    open.dispose();
    pending.clear();
    held.clear();
    ends = [];
  }

  function toIngest(row: IngestRow, nowMs: number): Ingest {
    const { namespace, status, lockedAt, expiresAt, holder, lastError } = row;
    return {
      namespace,
      status,
      state: stateOf(row, nowMs, timing.stalledMs),
      holder,
      ...(lockedAt && { lockedAt }),
      ...(expiresAt && { expiresAt }),
      // Nobody writes it: then nothing of the row changes by time alone.
      rateBytesPerSecond: lockedAt === undefined ? 0 : meter.rate(namespace, status.ref, nowMs),
      lastError,
    };
  }

  /** Selected rows as a reader is told of them. @param isKnown leaves out those that it knows */
  function tell(rows: readonly IngestRow[], nowMs: number, isKnown?: (row: IngestRow) => boolean): IngestEvent[] {
    const ingests = rows
      .filter(({ namespace, status: { ref } }) => selection.selectsIngest({ namespace, ref }))
      .flatMap((row) => {
        const told = toIngest(row, nowMs);
        held.set(ingestKey(row.namespace, row.status.ref), { row, told });
        return isKnown?.(row) ? [] : [told];
      });
    return ingests.length > 0 ? [{ kind: "ingests", ingests }] : [];
  }

  async function* rows(
    isKnown?: (row: IngestRow) => boolean,
  ): AsyncGenerator<IngestEvent | undefined, void, undefined> {
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
    for (const each of batches) yield* tell(each, Date.now(), isKnown);
    yield* changes();
  }

  async function resume(from: number): Promise<AsyncIterable<IngestEvent | undefined> | undefined> {
    const logged = metadata.feed.log.ingestsSince(from);
    if (logged === undefined || logged.ends.length > timing.pendingKeys) return undefined;
    known = metadata.feed.sequence;
    return tellMissed(logged);
  }

  /** Every end, and every row that somebody opened, let go of or writes: bytes that arrived are in no log. */
  async function* tellMissed(logged: LoggedIngests): AsyncGenerator<IngestEvent | undefined, void, undefined> {
    yield* tellEnds(logged.ends);
    yield* rows(({ namespace, lockedAt, status }) => lockedAt === undefined && !logged.changed(namespace, status.ref));
  }

  function tellEnds(ended: readonly IngestChange[]): readonly IngestEvent[] {
    for (const change of ended) held.delete(ingestKey(change.namespace, change.ref));
    return ended
      .filter((change) => selection.selectsIngest(change))
      .map((change) => ({ kind: "ended", ended: toEnded(change) }));
  }

  async function* changes(): AsyncGenerator<IngestEvent, void, undefined> {
    const nowMs = Date.now();
    const ended = ends;
    ends = [];
    // What is pending of an ended ref came after its end.
    const changed = pending.take(nowMs, timing.batchRows).map(({ row }) => row);
    yield* [...tellEnds(ended), ...tell(changed, nowMs)];
  }

  return {
    rows: () => rows(),
    resume,
    changes,
    get position() {
      let position = Math.max(known, metadata.feed.told);
      for (const { since } of pending.values()) position = Math.min(position, since - 1);
      return Math.min(position, (ends[0]?.sequence ?? Number.POSITIVE_INFINITY) - 1);
    },
    dueAt: () => (ends.length > 0 ? Date.now() : pending.dueAt(Date.now())),
    get overflowed() {
      return overflowed;
    },
    settled: true,
    get totals(): SetTotals {
      let bytes = 0;
      for (const { row } of held.values()) bytes += row.status.offset;
      return { selected: { count: held.size, bytes } };
    },
    [Symbol.dispose]: close,
  };
}

function stateOf({ lockedAt, status }: IngestRow, nowMs: number, stalledMs: number): Ingest["state"] {
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
