import { setImmediate as nextTurn } from "node:timers/promises";
import type { AuditEvent } from "../../content/audit.ts";
import { throwIfCancelled } from "../../content/errors.ts";
import type { Connection } from "../metadata/database/connection.ts";
import { eventFromColumns } from "./event-rows.ts";
import { auditQueries } from "./schema.ts";
import type { EventCondition } from "./select.ts";

/** Where events are looked for, both ends included. */
export interface EventRange {
  readonly first: number;
  readonly last: number;
}

/** How long one turn of the event loop is taken up with looking, in milliseconds, as far as that can be foreseen. */
const turnMs = 2;

/** Numbers of one statement: at first, at least and at most. */
const spans = { first: 500, least: 100, most: 1_000_000 } as const;

/** Rows that one statement answers at most. */
const rowsAtOnce = 200;

/** Reads events, in statements that are short however many there are. */
export interface EventReader {
  /**
   * The newest of a range that meet a condition, newest first, in batches; an empty batch is a sign of life.
   *
   * @throws `cancelled`
   */
  newest(
    range: EventRange,
    condition: EventCondition,
    limit: number,
    signal?: AbortSignal,
  ): AsyncGenerator<readonly AuditEvent[], void, undefined>;
  /**
   * How many of a range meet a condition.
   *
   * @param forMs milliseconds after which it is given up @throws `cancelled`
   */
  count(
    range: EventRange,
    condition: EventCondition,
    forMs: number,
    signal?: AbortSignal,
  ): Promise<{ readonly count: number; readonly isExact: boolean }>;
}

export function createEventReader(connection: Connection): EventReader {
  const turn = createTurns();

  function rowsOf(from: number, to: number, condition: EventCondition, limit: number): readonly AuditEvent[] {
    const query = auditQueries
      .selectFrom("event")
      .selectAll()
      .where("id", ">=", from)
      .where("id", "<=", to)
      .where(condition)
      .orderBy("id", "desc")
      .limit(limit);
    return connection.all(query).map(eventFromColumns);
  }

  function countOf(from: number, to: number, condition: EventCondition): number {
    const query = auditQueries
      .selectFrom("event")
      .select((eb) => eb.fn.countAll<number>().as("count"))
      .where("id", ">=", from)
      .where("id", "<=", to)
      .where(condition);
    return connection.first(query)?.count ?? 0;
  }

  return {
    async *newest({ first, last }, condition, limit, signal) {
      const pace = createPace();
      let [to, left] = [last, limit];
      while (to >= first && left > 0) {
        await turn();
        throwIfCancelled(signal);
        const from = Math.max(first, to - pace.span + 1);
        const most = Math.min(left, rowsAtOnce);
        const rows = pace.timed(() => rowsOf(from, to, condition, most));
        left -= rows.length;
        to = (rows.length === most ? (rows.at(-1)?.id ?? from) : from) - 1;
        yield rows;
      }
    },
    async count({ first, last }, condition, forMs, signal) {
      const pace = createPace();
      const until = performance.now() + forMs;
      let [to, count] = [last, 0];
      while (to >= first) {
        await turn();
        throwIfCancelled(signal);
        if (performance.now() > until) return { count, isExact: false };
        const from = Math.max(first, to - pace.span + 1);
        count += pace.timed(() => countOf(from, to, condition));
        to = from - 1;
      }
      return { count, isExact: true };
    },
  };
}

/** Turns of the event loop for all that search, one after the other: together they take up no more of it than one does. */
function createTurns(): () => Promise<void> {
  let last = Promise.resolve();
  return () => {
    last = last.then(() => nextTurn());
    return last;
  };
}

/** As many numbers a statement as fit a turn: what has an index takes far more than what has none. */
function createPace() {
  let span: number = spans.first;
  return {
    get span() {
      return span;
    },
    timed<Result>(work: () => Result): Result {
      const began = performance.now();
      const result = work();
      const ms = performance.now() - began;
      const factor = ms > turnMs ? 0.5 : ms < turnMs / 4 ? 2 : 1;
      span = Math.min(spans.most, Math.max(spans.least, Math.floor(span * factor)));
      return result;
    },
  };
}
