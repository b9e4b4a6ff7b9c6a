import { X } from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";
import { serverNow } from "../_live/clock.ts";
import type { IngestRow } from "../_live/ingests.ts";
import { Button } from "../_ui/button.tsx";
import { formatBytes, formatDuration, formatMoment, formatRate, formatShortDuration, unknown } from "../_ui/format.ts";
import { Icon } from "../_ui/icon.tsx";
import type { Column } from "../_ui/list/column.ts";
import { Age } from "../_ui/time.tsx";
import { visibleText } from "../_ui/visible-text.ts";
import { Holder } from "./holder.tsx";
import styles from "./ingests.module.css";
import type { Line } from "./line.ts";
import { Progress } from "./progress.tsx";
import { RefText } from "./ref-text.tsx";
import { ratesOf, sparkPath } from "./spark.ts";
import { OutcomeSign, StateSign } from "./state-sign.tsx";

type Ended = Extract<Line, { readonly kind: "ended" }>["ended"];

/** A cell that an ingest and one that ended fill in their own ways. */
function cellOf(ofIngest: (row: IngestRow) => ReactNode, ofEnded: (ended: Ended) => ReactNode) {
  return (line: Line): ReactNode => {
    if (line.kind === "ingest") return ofIngest(line.row);
    return line.kind === "ended" ? ofEnded(line.ended) : null;
  };
}

const state: Column<Line> = {
  id: "state",
  header: "State",
  width: "calc(100px + var(--gutter))",
  isSortable: true,
  className: styles.state,
  cell: (line) => {
    if (line.kind === "ended") return <OutcomeSign outcome={line.ended.outcome} />;
    if (line.kind === "heading") return null;
    if (line.row.end) return <OutcomeSign outcome={line.row.end.outcome} />;
    return <StateSign state={line.isAborting ? "aborting…" : line.row.view.state} />;
  },
};

const ref: Column<Line> = {
  id: "ref",
  header: "Ref",
  width: "minmax(216px, 264px)",
  isSortable: true,
  className: styles.ref,
  cell: cellOf(
    ({ row }) => <RefText reference={row.status.ref} expected={row.status.expected} />,
    (ended) => <EndedRef ended={ended} />,
  ),
};

/** An ingest that became a blob leads to it. */
function EndedRef({ ended }: { readonly ended: Ended }) {
  const text = <RefText reference={ended.ref} expected={ended.digest} />;
  if (ended.digest === undefined || (ended.outcome !== "committed" && ended.outcome !== "existed")) return text;
  const href = `/blob?ns=${encodeURIComponent(ended.namespace)}&d=${ended.digest}`;
  return (
    <Link href={href} tabIndex={-1} prefetch={false} className={styles.refLink}>
      {text}
    </Link>
  );
}

const namespace: Column<Line> = {
  id: "ns",
  header: "Namespace",
  width: "minmax(88px, 132px)",
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
  width: "minmax(228px, 1fr)",
  isSortable: true,
  className: styles.progressCell,
  cell: cellOf(
    ({ row, view }) => <Progress status={row.status} state={view.state} />,
    (ended) => <span className="muted">{endWords(ended)}</span>,
  ),
};

/** What an ended ingest left or lost, in words. */
function endWords({ outcome, size, startedAt, endedAt }: Ended): string {
  const took = formatDuration(endedAt.getTime() - startedAt.getTime());
  if (outcome === "committed") return `${formatBytes(size)} in ${took}`;
  if (outcome === "existed") return "was stored already";
  if (outcome === "unknown") return `${formatBytes(size)} when last seen`;
  return `discarded ${formatBytes(size)}`;
}

const rate: Column<Line> = {
  id: "rate",
  header: "Rate",
  width: "130px",
  align: "end",
  isSortable: true,
  className: styles.rate,
  cell: cellOf(
    ({ row, samples, view }) => (
      <span className={styles.rateCell}>
        <svg className={styles.spark} viewBox="0 0 35 12" aria-hidden="true">
          <path d={sparkPath(ratesOf(samples, serverNow()))} />
        </svg>
        <span>
          {view.state === "resumable" || view.state === "idle" ? unknown : formatRate(row.rateBytesPerSecond)}
        </span>
      </span>
    ),
    (ended) => endedRate(ended),
  ),
};

/** The mean rate of an ingest that became a blob; a shorter time than this says nothing of a rate, in milliseconds. */
const leastRateMs = 1000;

function endedRate({ outcome, size, startedAt, endedAt }: Ended): string {
  const ms = endedAt.getTime() - startedAt.getTime();
  return outcome === "committed" && ms >= leastRateMs ? formatRate((size / ms) * 1000) : "";
}

const eta: Column<Line> = {
  id: "eta",
  header: "ETA",
  width: "90px",
  align: "end",
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
  width: "80px",
  align: "end",
  isSortable: true,
  className: styles.age,
  cell: cellOf(
    ({ row }) => <Age at={row.status.startedAt} />,
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
  width: "56px",
  align: "end",
  className: styles.lock,
  cell: cellOf(
    ({ row: { state, lockedAt } }) => {
      if (lockedAt === undefined) return state === "resumable" ? "free" : unknown;
      const text = formatShortDuration(Math.max(0, serverNow() - lockedAt.getTime()));
      return <span data-tip={`Held since ${formatMoment(lockedAt)}`}>{text}</span>;
    },
    () => "",
  ),
};

/** The columns of the ingests. @param hasNamespaces rows are of several namespaces */
export function ingestColumns(
  hasNamespaces: boolean,
  onAbort: (row: IngestRow, element: HTMLElement) => void,
): readonly Column<Line>[] {
  const holder: Column<Line> = {
    id: "holder",
    header: "Holder",
    width: "minmax(210px, .7fr)",
    className: styles.holder,
    cell: (line) => {
      if (line.kind === "ended") return <Holder holder={line.ended.by} />;
      if (line.kind === "heading") return null;
      const canAbort = line.row.goneAt === undefined && !line.isAborting;
      return (
        <span className={styles.holderCell}>
          <span className="cut">
            {line.row.row.lastError === "" ? (
              <Holder holder={line.row.row.holder} />
            ) : (
              <LastError text={line.row.row.lastError} />
            )}
          </span>
          {canAbort && <AbortButton row={line.row} onAbort={onAbort} />}
        </span>
      );
    },
  };
  return [state, ref, ...(hasNamespaces ? [namespace] : []), progress, rate, eta, age, lock, holder];
}

function LastError({ text }: { readonly text: string }) {
  return (
    <span className="warn" data-tip={`The last commit was refused: ${visibleText(text)}`}>
      {visibleText(text.replace(ownRef, ""))}
    </span>
  );
}

/** A refusal begins with the ref that its row has already. */
const ownRef = /^"(?:[^"\\]|\\.)*"\s+/;

interface AbortButtonProps {
  readonly row: IngestRow;
  readonly onAbort: (row: IngestRow, element: HTMLElement) => void;
}

function AbortButton({ row, onAbort }: AbortButtonProps) {
  return (
    <Button
      isSmall
      tabIndex={-1}
      shortcut="a"
      className={styles.abort}
      aria-label={`Abort ${row.row.status.ref}…`}
      onClick={(event) => onAbort(row, event.currentTarget)}
    >
      <Icon of={X} className={styles.abortIcon} />
      <span className={styles.abortWord}>Abort…</span>
    </Button>
  );
}
