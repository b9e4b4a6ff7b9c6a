"use client";
import type { IngestState } from "../../content/ingest-state.ts";
import { ingestStates, isTrouble } from "../../content/ingest-state.ts";
import type { IngestRow } from "../_live/ingests.ts";
import { ratesKept, totalRate } from "../_live/ingests.ts";
import { formatCount, formatCounted, formatRate, formatTimeOfDay, unknown } from "../_ui/format.ts";
import { useStaleSince } from "./freshness.tsx";
import styles from "./ingests.module.css";
import { sparkPath } from "./spark.ts";
import type { Ingests } from "./use-ingests.ts";

/** How many of the wanted ingests do what, and how fast bytes come in all. */
export function Answer({ ingests: { view, matching, text } }: { readonly ingests: Ingests }) {
  const since = useStaleSince();
  const [alive, whole] = [openOf(matching.rows), openOf(view.rows)];
  if (!view.isComplete)
    return <span>{alive.length === 0 ? unknown : `≥ ${formatCounted(alive.length, "ingest")}`}</span>;
  return (
    <>
      {text !== "" && (
        <span>
          <b>{formatCount(alive.length)}</b> of {formatCounted(whole.length, "ingest")}
        </span>
      )}
      {text === "" && alive.length === 0 && <span>nothing moves</span>}
      <States rows={alive} />
      {since && <span>as of {formatTimeOfDay(since)}</span>}
      {alive.length > 0 && <Rate rows={alive} rates={text === "" ? view.rates : undefined} />}
    </>
  );
}

function openOf(rows: readonly IngestRow[]): readonly IngestRow[] {
  return rows.filter(({ goneAt }) => goneAt === undefined);
}

function States({ rows }: { readonly rows: readonly IngestRow[] }) {
  return countStates(rows.map(({ view: { state } }) => state)).map(([state, count]) => (
    <span key={state} className={isTrouble(state) ? "warn" : undefined}>
      <b className={isTrouble(state) ? "warn" : undefined}>{formatCount(count)}</b> {state}
    </span>
  ));
}

interface RateProps {
  readonly rows: readonly IngestRow[];
  /** Of the last minute; absent: not known of these rows. */
  readonly rates: readonly number[] | undefined;
}

function Rate({ rows, rates }: RateProps) {
  return (
    <span className={styles.total}>
      <b>{formatRate(totalRate(rows))}</b>
      {rates && (
        <>
          <svg className={styles.totalSpark} viewBox="0 0 59 12" aria-hidden="true">
            <path d={sparkPath(lastMinute(rates))} />
          </svg>
          <span className="faint">60 s</span>
        </>
      )}
    </span>
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
