import type { Logger } from "pino";
import type { AuditKept } from "../../content/audit.ts";
import { toMoment } from "../../content/instant.ts";
import type { Clocks } from "./confirmed-time.ts";
import { createConfirmedTime, machineClocks } from "./confirmed-time.ts";
import type { AuditCount } from "./counts.ts";
import { createAuditCounts } from "./counts.ts";
import type { AuditDatabase } from "./database.ts";
import { openAuditDatabase } from "./database.ts";
import type { AuditEntry } from "./entry.ts";
import type { EventRange, EventReader } from "./reader.ts";
import { createEventReader } from "./reader.ts";
import type { RecorderTiming } from "./recorder.ts";
import { createRecorder } from "./recorder.ts";
import type { RefusalLimits } from "./refusals.ts";
import { createRefusals } from "./refusals.ts";
import { auditQueries } from "./schema.ts";
import type { AuditLimits } from "./trim.ts";
import { trimAudit } from "./trim.ts";

/** Who changed what. */
export interface Audit extends AsyncDisposable {
  /**
   * Record what was done, or was to be done: what has a `code` other than `ok` was refused, and of many that are alike only the first
   * of a minute are told one by one; so of those who sign in and out again and again, which a reader may. It is on disk soon after; it
   * does not throw.
   */
  record(entry: AuditEntry): void;
  /** Numbers of the oldest and the newest event that is on disk; `first` 0: there is none. */
  readonly range: EventRange;
  readonly reader: EventReader;
  /** What was recorded since the start, by what it was and what came of it. */
  counts(): readonly AuditCount[];
  /** How many events could not be recorded since the start. */
  lost(): number;
  /** Heard after events came to the disk. @returns a function that ends it */
  listen(listener: () => void): () => void;
  kept(): AuditKept;
  /** Settled when everything that was recorded is on disk, or was refused by it. */
  flush(): Promise<void>;
  /** Let go of what is too old or too much, now; it happens by itself too. */
  trim(): Promise<void>;
}

export interface AuditOptions {
  /** Directory of `audit.db`. */
  readonly root: string;
  readonly limits: AuditLimits;
  readonly logger: Logger;
  /** Absent: what a server uses. */
  readonly timing?: RecorderTiming;
  readonly refusals?: RefusalLimits;
  /** What ages are counted by; absent: those of this machine. */
  readonly clocks?: Clocks;
}

/** Milliseconds between two looks at what is too old or too much. */
const trimEveryMs = 10_000;

/** Open the audit of a directory. @throws StartError as openAuditDatabase does */
export async function openAudit(options: AuditOptions): Promise<Audit> {
  const { root, limits, logger, timing, refusals, clocks = machineClocks } = options;
  const database = await openAuditDatabase(root);
  const recorder = createRecorder(database, logger, timing);
  const refused = createRefusals(recorder.record, refusals);
  const counts = createAuditCounts();
  const time = createConfirmedTime({
    newest: timeOf(database, recorder.range.last),
    clocks,
    leapt: (aheadMs, isStart) => tellOfLeap(logger, aheadMs, isStart),
  });
  let isClosed = false;
  let trimming = Promise.resolve();
  const trim = (): Promise<void> => {
    trimming = trimming.then(() => trimAudit(database, recorder, limits, time(), () => isClosed));
    return trimming;
  };
  const timer = setInterval(() => {
    trim().catch((err: unknown) => {
      trimming = Promise.resolve();
      logger.error({ err }, "old events of the audit could not be removed");
    });
  }, trimEveryMs);
  timer.unref();

  return {
    record(entry) {
      counts.add(entry);
      const isDone = (entry.code ?? "ok") === "ok" && entry.kind !== "session";
      if (isDone || entry.act === "gap") recorder.record(entry);
      else refused.add(entry);
    },
    range: recorder.range,
    reader: createEventReader(database.connection),
    counts: counts.all,
    lost: () => recorder.lost,
    listen: recorder.listen,
    kept() {
      const since = timeOf(database, recorder.range.first);
      const { maxAgeDays, maxEvents } = limits;
      return { ...(since !== undefined && { since: toMoment(since) }), maxAgeDays, maxEvents };
    },
    flush: recorder.flush,
    trim,
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      isClosed = true;
      refused[Symbol.dispose]();
      await trimming.catch(() => undefined);
      await recorder[Symbol.asyncDispose]();
      await database[Symbol.asyncDispose]();
    },
  };
}

/** When an event was, in microseconds since 1970; absent: there is none of that number. */
function timeOf({ connection }: AuditDatabase, id: number): number | undefined {
  return connection.first(auditQueries.selectFrom("event").select("at").where("id", "=", id))?.at;
}

function tellOfLeap(logger: Logger, aheadMs: number, isStart: boolean): void {
  const aheadHours = Math.round(aheadMs / 3_600_000);
  if (isStart)
    logger.info({ aheadHours }, "nothing was recorded for long, or the clock is wrong; ages count by it in a day");
  else logger.warn({ aheadHours }, "the clock leapt ahead; ages count by it once it went on evenly for a day");
}
