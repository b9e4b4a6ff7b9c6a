import type { IngestRow } from "../_live/ingests.ts";
import { formatDuration, formatRate, formatShortDuration, unknown } from "../_ui/format.ts";
import type { Column } from "../_ui/list/column.ts";
import { Age } from "../_ui/time.tsx";
import { cellOf } from "./cell-of.ts";
import { AbortButton, AgeOf, HeldFor, HolderOf, LastError, Ref, Spark, State } from "./cells.tsx";
import { endWords, rateOfEnded } from "./ended.ts";
import { extraColumns } from "./extra-columns.tsx";
import { Holder } from "./holder.tsx";
import styles from "./ingests.module.css";
import type { Line } from "./line.ts";
import { Progress } from "./progress.tsx";
import { OutcomeSign } from "./state-sign.tsx";

const state: Column<Line> = {
  id: "state",
  header: "State",
  isFixed: true,
  width: "108px",
  isSortable: true,
  className: styles.state,
  cell: (line) => {
    if (line.kind === "ended") return <OutcomeSign outcome={line.ended.outcome} />;
    if (line.kind === "heading") return null;
    if (line.row.end) return <OutcomeSign outcome={line.row.end.outcome} />;
    return <State state={line.isAborting ? "aborting…" : line.row.view.state} />;
  },
};

const ref: Column<Line> = {
  id: "ref",
  header: "Ref",
  isFixed: true,
  isName: true,
  width: "minmax(200px, 264px)",
  isSortable: true,
  className: styles.ref,
  cell: cellOf(
    ({ row }) => <Ref reference={row.status.ref} expected={row.status.expected} />,
    (ended) => <Ref reference={ended.ref} expected={ended.digest} />,
  ),
};

const namespace: Column<Line> = {
  id: "ns",
  header: "Namespace",
  width: "minmax(84px, 132px)",
  isSortable: true,
  className: styles.namespace,
  cell: cellOf(
    ({ row }) => row.namespace,
    (ended) => ended.namespace,
  ),
};

const progress: Column<Line> = {
  id: "progress",
  header: "Progress",
  width: "minmax(224px, 1fr)",
  isSortable: true,
  className: styles.progressCell,
  cell: cellOf(
    ({ row, view }) => <Progress status={row.status} state={view.state} />,
    (ended) => <span className="muted">{endWords(ended)}</span>,
  ),
};

const rate: Column<Line> = {
  id: "rate",
  header: "Rate",
  width: "132px",
  align: "end",
  isSortable: true,
  className: styles.rate,
  cell: cellOf(
    ({ row, samples, view }) => (
      <span className={styles.rateCell}>
        <Spark samples={samples} />
        <span>
          {view.state === "resumable" || view.state === "idle" ? unknown : formatRate(row.rateBytesPerSecond)}
        </span>
      </span>
    ),
    (ended) => {
      const rate = rateOfEnded(ended);
      return rate === undefined ? "" : formatRate(rate);
    },
  ),
};

const eta: Column<Line> = {
  id: "eta",
  header: "ETA",
  width: "98px",
  align: "end",
  isSortable: true,
  className: styles.eta,
  cell: cellOf(
    ({ view }) => (view.etaMs === undefined ? <span className="faint">{unknown}</span> : `≈ ${formatEta(view.etaMs)}`),
    () => "",
  ),
};

/** From here on seconds, or minutes of an hour, are more than an estimate knows; in milliseconds. */
const coarseEtaMs = 10 * 60_000;

function formatEta(ms: number): string {
  return ms < coarseEtaMs ? formatDuration(ms) : formatShortDuration(ms);
}

const age: Column<Line> = {
  id: "age",
  header: "Age",
  width: "76px",
  align: "end",
  isSortable: true,
  className: styles.age,
  cell: cellOf(
    ({ row }) => <AgeOf atMs={row.status.startedAt.getTime()} />,
    (ended) => (
      <span className="muted">
        <Age at={ended.endedAt} />
      </span>
    ),
  ),
};

const lock: Column<Line> = {
  id: "lock",
  header: "Lock",
  width: "60px",
  align: "end",
  isSortable: true,
  className: styles.lock,
  cell: cellOf(
    ({ row: { state, lockedAt } }) => {
      if (lockedAt === undefined) return state === "resumable" ? "free" : unknown;
      return <HeldFor sinceMs={lockedAt.getTime()} />;
    },
    () => "",
  ),
};

/** The column of who holds a ref, and what ends it. */
function holderColumn(onAbort: (row: IngestRow, element: HTMLElement) => void): Column<Line> {
  return {
    id: "holder",
    header: "Holder",
    width: "minmax(188px, .7fr)",
    isSortable: true,
    className: styles.holder,
    cell: (line) => {
      if (line.kind === "heading") return null;
      if (line.isOurs) return "by you";
      if (line.kind === "ended") return <Holder holder={line.ended.by} />;
      const { row, goneAt } = line.row;
      const canAbort = goneAt === undefined && !line.isAborting;
      return (
        <span className={styles.holderCell}>
          <span className="cut">
            {row.lastError === "" ? <HolderOf holder={row.holder} /> : <LastError text={row.lastError} />}
          </span>
          {canAbort && <AbortButton reference={row.status.ref} onClick={(element) => onAbort(line.row, element)} />}
        </span>
      );
    },
  };
}

/** Columns that tell what a panel beside the list tells too. */
export const toldByPanel: ReadonlySet<string> = new Set(["ns", "eta", "age", "lock", "holder"]);

/** The columns of the ingests. @param hasNamespaces rows are of several namespaces */
export function ingestColumns(
  hasNamespaces: boolean,
  onAbort: (row: IngestRow, element: HTMLElement) => void,
): readonly Column<Line>[] {
  return [
    state,
    ref,
    ...(hasNamespaces ? [namespace] : []),
    progress,
    rate,
    eta,
    age,
    lock,
    ...extraColumns,
    holderColumn(onAbort),
  ];
}
