"use client";
import type { IngestState } from "../../content/ingest-state.ts";
import { ingestStates, isTrouble } from "../../content/ingest-state.ts";
import type { IngestsView } from "../_live/ingests.ts";
import { ratesKept, totalRate } from "../_live/ingests.ts";
import { formatCount, formatRate } from "../_ui/format.ts";
import styles from "./ingests.module.css";
import { sparkPath } from "./spark.ts";

/** How many ingests do what, and how fast bytes come in all. */
export function Answer({ view }: { readonly view: IngestsView }) {
  if (!view.isComplete) return <span>—</span>;
  const alive = view.rows.filter(({ goneAt }) => goneAt === undefined);
  if (alive.length === 0) return <span>nothing moves</span>;
  const counts = countStates(alive.map(({ view: { state } }) => state));
  return (
    <>
      {counts.map(([state, count]) => (
        <span key={state} className={isTrouble(state) ? "warn" : undefined}>
          <b className={isTrouble(state) ? "warn" : undefined}>{formatCount(count)}</b> {state}
        </span>
      ))}
      <span className={styles.total}>
        <b>{formatRate(totalRate(view.rows))}</b>
        <svg className={styles.totalSpark} viewBox="0 0 59 12" aria-hidden="true">
          <path d={sparkPath(lastMinute(view.rates))} />
        </svg>
        <span className="faint">60 s</span>
      </span>
    </>
  );
}

/** Bars of the last minute, the latest at the right; absent before the page was opened. */
function lastMinute(rates: readonly number[]): readonly (number | undefined)[] {
  return [...Array.from({ length: Math.max(0, ratesKept - rates.length) }, () => undefined), ...rates];
}

/** Active ones first, then the worst: what is usual, then what is not. */
function countStates(states: readonly IngestState[]): readonly (readonly [IngestState, number])[] {
  const order: readonly IngestState[] = ["active", ...ingestStates.filter((state) => state !== "active")];
  return order.flatMap((state) => {
    const count = states.filter((each) => each === state).length;
    return count === 0 ? [] : [[state, count] as const];
  });
}
