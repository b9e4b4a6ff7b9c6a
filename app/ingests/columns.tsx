import { X } from "lucide-react";
import type { ReactNode } from "react";
import { memo, useMemo } from "react";
import type { Sample } from "../../content/eta.ts";
import type { EndedIngest } from "../../content/remote/events.ts";
import { serverNow } from "../_live/clock.ts";
import { useServerNow } from "../_live/hooks.ts";
import type { IngestRow } from "../_live/ingests.ts";
import { Button } from "../_ui/button.tsx";
import { Bytes } from "../_ui/bytes.tsx";
import { DigestText } from "../_ui/digest-text.tsx";
import { formatDuration, formatMoment, formatRate, formatShortDuration, unknown } from "../_ui/format.ts";
import { Icon } from "../_ui/icon.tsx";
import type { Column } from "../_ui/list/column.ts";
import { Age, TimeOfDay } from "../_ui/time.tsx";
import { visibleText } from "../_ui/visible-text.ts";
import { endWords, rateOfEnded } from "./ended.ts";
import { Holder } from "./holder.tsx";
import styles from "./ingests.module.css";
import type { Line } from "./line.ts";
import { Progress } from "./progress.tsx";
import { RefText } from "./ref-text.tsx";
import { bytesThisMinute, ratesOf, sparkPath } from "./spark.ts";
import { OutcomeSign, StateSign } from "./state-sign.tsx";

// What does not change while a row's numbers do is not drawn with them.
const Ref = memo(RefText);
const State = memo(StateSign);
const HolderOf = memo(Holder);

/** How old, of a moment in milliseconds since 1970. */
const AgeOf = memo(({ atMs }: { readonly atMs: number }) => <Age at={useMemo(() => new Date(atMs), [atMs])} />);

/** The bars of a row's last minute, which step once a second. */
const Spark = memo(({ samples }: { readonly samples: readonly Sample[] }) => (
  <svg className={styles.spark} viewBox="0 0 35 12" aria-hidden="true">
    <path d={sparkPath(ratesOf(samples, useServerNow(1000)))} />
  </svg>
));

/** For how long a ref is held, of a moment in milliseconds since 1970. */
const HeldFor = memo(({ sinceMs }: { readonly sinceMs: number }) => {
  const nowMs = useServerNow(serverNow() - sinceMs < 60_000 ? 1000 : 15_000);
  const tip = useMemo(() => `Held since ${formatMoment(new Date(sinceMs))}`, [sinceMs]);
  return <span data-tip={tip}>{formatShortDuration(Math.max(0, nowMs - sinceMs))}</span>;
});

/** A cell that an ingest and one that ended fill in their own ways. */
function cellOf(ofIngest: (row: IngestRow) => ReactNode, ofEnded: (ended: EndedIngest) => ReactNode) {
  return (line: Line): ReactNode => {
    if (line.kind === "ingest") return line.row.end ? ofEnded(line.row.end) : ofIngest(line.row);
    return line.kind === "ended" ? ofEnded(line.ended) : null;
  };
}

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
  width: "minmax(86px, 132px)",
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

const rate: Column<Line> = {
  id: "rate",
  header: "Rate",
  width: "124px",
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
  width: "96px",
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
  width: "72px",
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
  width: "64px",
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

const expected: Column<Line> = {
  id: "expected",
  header: "Expected",
  width: "minmax(168px, 200px)",
  isSortable: true,
  className: styles.more,
  cell: cellOf(
    ({ row }) => orUnknown(row.status.expected && <DigestText digest={row.status.expected} />),
    (ended) => orUnknown(ended.digest && <DigestText digest={ended.digest} />),
  ),
};

const total: Column<Line> = {
  id: "total",
  header: "Total",
  width: "96px",
  align: "end",
  isSortable: true,
  className: styles.more,
  cell: cellOf(
    ({ row }) => orUnknown(row.status.total > 0 && <Bytes of={row.status.total} />),
    () => "",
  ),
};

const started: Column<Line> = {
  id: "started",
  header: "Started",
  width: "92px",
  align: "end",
  isSortable: true,
  className: styles.more,
  cell: cellOf(
    ({ row }) => <TimeOfDay at={row.status.startedAt} />,
    (ended) => <TimeOfDay at={ended.startedAt} />,
  ),
};

const updated: Column<Line> = {
  id: "updated",
  header: "Updated",
  width: "92px",
  align: "end",
  isSortable: true,
  className: styles.more,
  cell: cellOf(
    ({ row }) => <AgeOf atMs={row.status.updatedAt.getTime()} />,
    (ended) => <TimeOfDay at={ended.endedAt} />,
  ),
};

const minute: Column<Line> = {
  id: "minute",
  header: "This minute",
  width: "104px",
  align: "end",
  isSortable: true,
  className: styles.more,
  cell: cellOf(
    ({ samples }) => <Bytes of={bytesThisMinute(samples, serverNow())} />,
    () => "",
  ),
};

function orUnknown(content: ReactNode): ReactNode {
  return content || <span className="faint">{unknown}</span>;
}

/** The column of who holds a ref, and what ends it. */
function holderColumn(onAbort: (row: IngestRow, element: HTMLElement) => void): Column<Line> {
  return {
    id: "holder",
    header: "Holder",
    width: "minmax(196px, .7fr)",
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
const toldByPanel: ReadonlySet<string> = new Set(["ns", "eta", "age", "lock", "holder"]);

/** The columns that stay while a panel beside the list tells the rest. */
export function columnsBesidePanel(columns: readonly Column<Line>[]): readonly Column<Line>[] {
  return columns.filter(({ id }) => !toldByPanel.has(id));
}

/** The columns of the ingests. @param hasNamespaces rows are of several namespaces */
export function ingestColumns(
  hasNamespaces: boolean,
  onAbort: (row: IngestRow, element: HTMLElement) => void,
): readonly Column<Line>[] {
  const more = [expected, total, minute, started, updated];
  return [
    state,
    ref,
    ...(hasNamespaces ? [namespace] : []),
    progress,
    rate,
    eta,
    age,
    lock,
    ...more.map((column) => ({ ...column, isExtra: true })),
    holderColumn(onAbort),
  ];
}

/** Pixels that columns need at least: with less room the list scrolls sideways. */
export function leastWidthOf(columns: readonly Column<Line>[]): number {
  return columns.reduce((sum, { width }) => sum + Number(/\d+/.exec(width)?.[0] ?? 0), choiceWidth);
}

/** What chooses rows, in pixels. */
const choiceWidth = 48;

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
  readonly reference: string;
  readonly onClick: (element: HTMLElement) => void;
}

function AbortButton({ reference, onClick }: AbortButtonProps) {
  return (
    <Button
      isSmall
      tabIndex={-1}
      shortcut="a"
      needs="change"
      className={styles.abort}
      aria-label={`Abort ${reference}…`}
      onClick={(event) => onClick(event.currentTarget)}
    >
      {abortLook}
    </Button>
  );
}

const abortLook = (
  <>
    <Icon of={X} className={styles.abortIcon} />
    <span className={styles.abortWord}>Abort…</span>
  </>
);
