import type { Logger } from "pino";
import { isKind } from "../../content/errors.ts";
import type { Metadata } from "../metadata/metadata.ts";
import { createSharedRuns } from "../shared-runs.ts";

/** When collections run; the numbers and their meaning are those of containerd's gc/scheduler. */
export interface Schedule {
  /** Part of all time that collections may take, above 0, 0.5 at most: after one, a rest follows that keeps to it. */
  readonly pauseThreshold: number;
  /** Removals after which one runs without waiting for that rest; 0: never. */
  readonly deletionThreshold: number;
  /** Changes of any kind after which one runs once the rest is over; 0: only removals count. */
  readonly mutationThreshold: number;
  /** Milliseconds from the wish for one to its begin. */
  readonly scheduleDelayMs: number;
  /** Milliseconds from the start of the server to the first one; 0: the first waits for a change. */
  readonly startupDelayMs: number;
}

/** What collections did since the start. */
export interface CollectionTotals {
  /** Collections that came to their end. */
  readonly runs: number;
  readonly failures: number;
  /** Milliseconds that those took which came to their end. */
  readonly ms: number;
  readonly removed: Readonly<Record<"blobs" | "images" | "ingests" | "leases", number>>;
  /** Of the blobs that were removed. */
  readonly bytes: number;
}

/** Runs collections. */
export interface Collector {
  readonly totals: CollectionTotals;
  /** Run one that begins after this call. @returns once it is over @throws where it failed */
  collect(): Promise<void>;
}

export interface SchedulerOptions {
  readonly metadata: Pick<Metadata, "collect" | "onMutation">;
  readonly schedule: Schedule;
  /** No collection begins by itself once it aborted. */
  readonly stopping: AbortSignal;
  readonly logger: Logger;
}

/** Shortest rest after a collection, and what is added to it after one that failed, in milliseconds. */
const rests = { least: 100, failed: 1000 } as const;

/** Collections after changes, with rests between them, and whenever somebody asks. */
export function createScheduler({ metadata, schedule, stopping, logger }: SchedulerOptions): Collector {
  const run = createSharedRuns(collectOnce);
  let timer: NodeJS.Timeout | undefined;
  /** On the clock of performance.now(), as all times here. */
  let restedAtMs = 0;
  const removed = { blobs: 0, images: 0, ingests: 0, leases: 0 };
  const totals = { runs: 0, failures: 0, ms: 0, bytes: 0, removed };
  let removals = 0;
  let changes = 0;

  async function collectOnce(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    removals = 0;
    changes = 0;
    let failedMs = 0;
    try {
      const { ms, bytes, ...counts } = await metadata.collect();
      for (const kind of Object.keys(removed) as (keyof typeof removed)[]) removed[kind] += counts[kind];
      totals.bytes += bytes;
      totals.ms += ms;
      totals.runs += 1;
    } catch (error) {
      failedMs = rests.failed;
      if (!isKind(error, "cancelled")) totals.failures += 1;
      throw error;
    } finally {
      const meanMs = totals.ms / Math.max(totals.runs, 1);
      const restMs = Math.max(rests.least, meanMs / schedule.pauseThreshold - meanMs);
      restedAtMs = performance.now() + restMs + failedMs;
      plan();
    }
  }

  /** Set the timer, where what happened calls for a collection and none is planned. */
  function plan(): void {
    const { deletionThreshold, mutationThreshold, scheduleDelayMs } = schedule;
    const isUrgent = deletionThreshold > 0 && removals >= deletionThreshold;
    const isDue = removals > 0 || (mutationThreshold > 0 && changes >= mutationThreshold);
    if (isUrgent) return wait(scheduleDelayMs, true);
    if (isDue) wait(Math.max(scheduleDelayMs, restedAtMs - performance.now()), false);
  }

  /** @param again true: in the place of a timer that may be set */
  function wait(ms: number, again: boolean): void {
    if (stopping.aborted || (timer !== undefined && !again)) return;
    clearTimeout(timer);
    timer = setTimeout(runByItself, ms);
    timer.unref();
  }

  function runByItself(): void {
    run().catch((err: unknown) => {
      if (!isKind(err, "cancelled")) logger.error({ err }, "the collection failed");
    });
  }

  const stop = metadata.onMutation((removed) => {
    changes += 1;
    if (removed) removals += 1;
    plan();
  });
  stopping.addEventListener("abort", () => {
    stop();
    clearTimeout(timer);
  });
  if (schedule.startupDelayMs > 0) wait(schedule.startupDelayMs, false);
  return { collect: run, totals };
}
