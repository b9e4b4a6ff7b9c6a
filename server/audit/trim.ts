import { setImmediate as nextTurn } from "node:timers/promises";
import type { Query } from "../metadata/database/queries.ts";
import type { AuditDatabase } from "./database.ts";
import { auditQueries } from "./schema.ts";

/** How much of the audit is kept, whichever is less; the oldest events go first. */
export interface AuditLimits {
  /** Days; 0: for ever. */
  readonly maxAgeDays: number;
  readonly maxEvents: number;
  /** Bytes of the database. */
  readonly maxBytes: number;
}

/** Events that go in one turn of the event loop. */
const trimmedAtOnce = 100;

/** The part that goes beyond what has to, so that not every event makes another one go. */
const slack = 0.01;

const microsPerDay = 86_400_000_000;

/** What is kept now, and hears what is not any more. */
interface Kept {
  readonly range: { readonly first: number; readonly last: number };
  trimmed(first: number): void;
}

/**
 * Remove what is too old or too much, some at a time.
 *
 * @param time that ages are counted from, in microseconds since 1970
 * @param isOver true: leave the rest for another time
 */
export async function trimAudit(
  { connection, usedBytes }: Pick<AuditDatabase, "connection" | "usedBytes">,
  kept: Kept,
  limits: AuditLimits,
  time: number,
  isOver: () => boolean,
): Promise<void> {
  const oldest = limits.maxAgeDays === 0 ? Number.NEGATIVE_INFINITY : time - limits.maxAgeDays * microsPerDay;
  const firstByCount = firstToKeep(kept, limits, usedBytes());
  // The newest stays whatever its age, so that numbers go on from it after a restart.
  while (!isOver() && kept.range.first > 0 && kept.range.first < kept.range.last) {
    const { first, last } = kept.range;
    const end = Math.min(first + trimmedAtOnce, last);
    const next = Math.max(firstYoung(first, end), Math.min(firstByCount, end));
    if (next <= first) return;
    connection.run(auditQueries.deleteFrom("event").where("id", "<", next));
    kept.trimmed(next);
    await nextTurn();
  }

  function firstYoung(from: number, end: number): number {
    const young: Query<{ id: number }> = auditQueries
      .selectFrom("event")
      .select("id")
      .where("id", ">=", from)
      .where("id", "<", end)
      .where("at", ">=", oldest)
      .orderBy("id")
      .limit(1);
    return connection.first(young)?.id ?? end;
  }
}

/** The number of the first event that is within the limits of count and size; what is let go of is a little more than has to be. */
function firstToKeep({ range }: Kept, { maxEvents, maxBytes }: AuditLimits, bytes: number): number {
  const count = range.last - range.first + 1;
  const perEvent = count > 0 ? bytes / count : 0;
  const fits = Math.min(maxEvents, bytes > maxBytes ? Math.floor(maxBytes / perEvent) : count);
  if (count <= fits) return range.first;
  return range.last + 1 - Math.max(1, Math.floor(fits * (1 - slack)));
}
