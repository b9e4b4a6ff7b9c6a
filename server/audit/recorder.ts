import type { Logger } from "pino";
import type { AuditEvent } from "../../content/audit.ts";
import { now } from "../clock.ts";
import type { Connection } from "../metadata/database/connection.ts";
import { createSharedRuns } from "../shared-runs.ts";
import type { AuditDatabase } from "./database.ts";
import type { AuditEntry, Unnumbered } from "./entry.ts";
import { eventOf } from "./entry.ts";
import { insertEvent } from "./event-rows.ts";
import { auditQueries } from "./schema.ts";

/** When events are written. Tests hand in smaller numbers. */
export interface RecorderTiming {
  /** Milliseconds that the first of some events waits for others. */
  readonly groupMs: number;
  /** Events that are written in one turn of the event loop. */
  readonly groupEvents: number;
  /** Events that wait at most: whoever comes with a further one writes a group first. */
  readonly waiting: number;
  /** Milliseconds until it is tried again to write what the disk refused. */
  readonly retryMs: number;
}

/** What a server uses. */
export const recorderTiming: RecorderTiming = { groupMs: 50, groupEvents: 100, waiting: 10_000, retryMs: 1000 };

/** Writes events, some at a time and off their callers' ways. */
export interface Recorder extends AsyncDisposable {
  /** It is written soon, or at once where too many wait; it does not throw. */
  record(entry: AuditEntry): void;
  /** Numbers of the oldest and the newest event that are on disk; 0 and 0: there is none, `first` above `last`: there is none any more. */
  readonly range: { readonly first: number; readonly last: number };
  /** How many events were lost since the start, because the disk refused them for too long. */
  readonly lost: number;
  /** The oldest events are gone up to that one, excluded. */
  trimmed(first: number): void;
  /** Heard after events were made durable. @returns a function that ends it */
  listen(listener: () => void): () => void;
  /** Settled when everything that was recorded is on disk, or was refused by it. */
  flush(): Promise<void>;
}

/** @param logger is told of events that could not be written */
export function createRecorder(
  { connection, sync }: Pick<AuditDatabase, "connection" | "sync">,
  logger: Logger,
  timing: RecorderTiming = recorderTiming,
): Recorder {
  const durable = createSharedRuns(sync);
  const listeners = new Set<() => void>();
  const range = rangeOf(connection);
  /** What `range.last` will be once the disk has it all. */
  let written = range.last;
  let waiting: Unnumbered[] = [];
  /** Since the last gap that was written, and since the start. */
  let lost = 0;
  let lostInAll = 0;
  let timer: NodeJS.Timeout | undefined;
  let syncing = Promise.resolve();
  let isClosed = false;
  /** Until when the disk is not asked again, on the clock of performance.now(). */
  let refusedUntilMs = 0;

  function write(): boolean {
    const gap = lost > 0 ? [eventOf({ act: "gap", more: lost, code: "resource-exhausted" }, now())] : [];
    const group = [...gap, ...waiting.slice(0, timing.groupEvents)];
    try {
      connection.exec("BEGIN IMMEDIATE");
      for (const [index, event] of group.entries()) insertEvent(connection, { ...event, id: written + 1 + index });
      connection.exec("COMMIT");
    } catch (err) {
      rollBack(connection);
      refusedUntilMs = performance.now() + timing.retryMs;
      logger.error({ err, waiting: waiting.length }, "the audit could not be written; it is tried again");
      return false;
    }
    written += group.length;
    lost = 0;
    waiting = waiting.slice(timing.groupEvents);
    return true;
  }

  /** Write a group, make it durable, tell of it, and go on with the next one in another turn. */
  function run(): void {
    clearTimeout(timer);
    timer = undefined;
    if (isClosed) return;
    if (waiting.length + lost > 0 && !write()) return plan(timing.retryMs);
    // Also what was written before, and could not be made durable.
    const upTo = written;
    if (upTo === range.last) return;
    syncing = durable().then(
      () => told(upTo),
      (err: unknown) => {
        logger.error({ err }, "the audit could not be made durable; it is tried again");
        plan(timing.retryMs);
      },
    );
    if (waiting.length > 0) setImmediate(run);
  }

  function told(upTo: number): void {
    range.last = Math.max(range.last, upTo);
    if (range.first === 0) range.first = 1;
    for (const listener of listeners) listener();
  }

  function plan(ms: number): void {
    timer ??= setTimeout(run, ms);
  }

  async function flush(): Promise<void> {
    while (waiting.length > 0) if (!write()) break;
    if (written > range.last) {
      await durable();
      told(written);
    }
    await syncing;
  }

  return {
    range,
    get lost() {
      return lostInAll;
    },
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    record(entry) {
      if (waiting.length >= timing.waiting && (performance.now() < refusedUntilMs || !write())) {
        lost += 1;
        lostInAll += 1;
        return;
      }
      waiting.push(eventOf(entry, now()));
      plan(timing.groupMs);
    },
    trimmed(first) {
      range.first = first;
    },
    flush,
    async [Symbol.asyncDispose]() {
      clearTimeout(timer);
      await flush().catch((err: unknown) => logger.error({ err }, "the audit could not be made durable"));
      isClosed = true;
      clearTimeout(timer);
    },
  };
}

function rollBack(connection: Connection): void {
  try {
    connection.exec("ROLLBACK");
  } catch {
    // SQLite has rolled back by itself, or never began.
  }
}

function rangeOf(connection: Connection): { first: number; last: number } {
  const ends = auditQueries.selectFrom("event").select("id").limit(1);
  const first: Pick<AuditEvent, "id"> | undefined = connection.first(ends.orderBy("id"));
  const last: Pick<AuditEvent, "id"> | undefined = connection.first(ends.orderBy("id", "desc"));
  return { first: first?.id ?? 0, last: last?.id ?? 0 };
}
