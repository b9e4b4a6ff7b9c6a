"use client";
import { ArrowUpRight, X } from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";
import type { EndedIngest, Ingest } from "../../content/remote/events.ts";
import { serverNow } from "../_live/clock.ts";
import type { IngestRow } from "../_live/ingests.ts";
import { useSocket } from "../_live/socket.ts";
import { Button, buttonClass } from "../_ui/button.tsx";
import { CodeLine } from "../_ui/code-line.tsx";
import { ctrActive } from "../_ui/commands.ts";
import { formatBytes, formatDuration, formatExactBytes, formatRate, unknown } from "../_ui/format.ts";
import { Icon } from "../_ui/icon.tsx";
import { Fact, FactList, Peek } from "../_ui/list/peek.tsx";
import { Ago, TimeOfDay } from "../_ui/time.tsx";
import { visibleText } from "../_ui/visible-text.ts";
import { endWords, hrefOfEnded, rateOfEnded } from "./ended.ts";
import { Holder } from "./holder.tsx";
import styles from "./ingest-peek.module.css";
import type { Line } from "./line.ts";
import { Progress } from "./progress.tsx";
import { RateChart } from "./rate-chart.tsx";
import { RefText } from "./ref-text.tsx";
import { OutcomeSign, ruleOfOutcome, ruleOfState, StateSign } from "./state-sign.tsx";

interface IngestPeekProps {
  /** Absent: it is not here. */
  readonly line: Line | undefined;
  readonly onAbort: (row: IngestRow, element: HTMLElement) => void;
  readonly onClose: () => void;
}

/** What is known of one ingest, beside the list: also how it ended. */
export function IngestPeek({ line, onAbort, onClose }: IngestPeekProps) {
  if (line === undefined || line.kind === "heading") return <NotHere onClose={onClose} />;
  if (line.kind === "ended") return <EndedPeek ended={line.ended} isOurs={line.isOurs} onClose={onClose} />;
  const { row } = line;
  if (row.end !== undefined) return <EndedPeek ended={row.end} isOurs={line.isOurs} onClose={onClose} />;
  const { ref, expected } = row.row.status;
  return (
    <Peek
      label="Ingest"
      title={<RefText reference={ref} expected={expected} />}
      onClose={onClose}
      acts={
        row.goneAt === undefined && (
          <Button
            icon={X}
            shortcut="a"
            needs="change"
            disabled={line.isAborting}
            onClick={(event) => onAbort(row, event.currentTarget)}
          >
            Abort…
          </Button>
        )
      }
    >
      <OpenFacts row={row} isAborting={line.isAborting} />
    </Peek>
  );
}

function OpenFacts({
  row: { row, view, samples },
  isAborting,
}: {
  readonly row: IngestRow;
  readonly isAborting: boolean;
}) {
  const { status, lastError, expiresAt, rateBytesPerSecond } = row;
  const state = isAborting ? "aborting…" : view.state;
  return (
    <>
      <div className={styles.progress}>
        <Progress status={status} state={view.state} />
      </div>
      <RateChart samples={samples} />
      <FactList>
        <Fact name="State">
          <StateSign state={state} />
          <div className={styles.rule}>{ruleOfState(state)}</div>
        </Fact>
        <Fact name="Rate">{view.state === "resumable" ? unknown : formatRate(rateBytesPerSecond)}</Fact>
        <Fact name="Time left">{view.etaMs === undefined ? unknown : `≈ ${formatDuration(view.etaMs)}`}</Fact>
        <Fact name="Holder">
          <HeldBy row={row} />
        </Fact>
        {lastError !== "" && (
          <Fact name="Last commit">
            <span className="warn">refused: {visibleText(lastError)}</span>
          </Fact>
        )}
      </FactList>
      <h3>What it is</h3>
      <FactList>
        <Identity namespace={row.namespace} reference={status.ref} />
        <Fact name="Expected">{status.expected === undefined ? unknown : <code>{status.expected}</code>}</Fact>
        <Fact name="Total">{status.total === 0 ? "not declared" : <Exact bytes={status.total} />}</Fact>
        <Fact name="So far">
          <Exact bytes={status.offset} />
        </Fact>
        <Fact name="Started">
          <TimeOfDay at={status.startedAt} />, <Ago at={status.startedAt} />
        </Fact>
        <Fact name="Last byte">
          <Ago at={status.updatedAt} />
        </Fact>
        {expiresAt !== undefined && (
          <Fact name="Dropped">
            in {formatDuration(Math.max(0, expiresAt.getTime() - serverNow()))}, if nobody goes on
          </Fact>
        )}
      </FactList>
      <Terminal namespace={row.namespace} reference={status.ref} />
    </>
  );
}

function HeldBy({ row: { holder, lockedAt, state } }: { readonly row: Ingest }): ReactNode {
  if (state === "resumable") return "nobody: the ref is free";
  if (state === "unknown") return "the server does not say";
  return (
    <>
      {holder === "" ? "not known" : <Holder holder={holder} />}
      {lockedAt !== undefined && (
        <div className={styles.rule}>
          holds it since <TimeOfDay at={lockedAt} />, <Ago at={lockedAt} />
        </div>
      )}
    </>
  );
}

function Identity({ namespace, reference }: { readonly namespace: string; readonly reference: string }) {
  return (
    <>
      <Fact name="Ref">
        <code>{visibleText(reference)}</code>
      </Fact>
      <Fact name="Namespace">{namespace}</Fact>
    </>
  );
}

function Exact({ bytes }: { readonly bytes: number }) {
  return (
    <>
      {formatBytes(bytes)} {bytes >= 1024 && <span className="muted">{formatExactBytes(bytes)}</span>}
    </>
  );
}

function Terminal({ namespace, reference }: { readonly namespace: string; readonly reference: string }) {
  const socket = useSocket();
  if (socket === undefined) return null;
  return (
    <>
      <h3>In a terminal</h3>
      <div className={styles.terminal}>
        <CodeLine line={ctrActive({ socket, namespace }, reference)} what="ctr line" />
      </div>
    </>
  );
}

interface EndedPeekProps {
  readonly ended: EndedIngest;
  readonly isOurs: boolean;
  readonly onClose: () => void;
}

function EndedPeek({ ended, isOurs, onClose }: EndedPeekProps) {
  const { namespace, ref, outcome, digest, by, startedAt, endedAt } = ended;
  const href = hrefOfEnded(ended);
  const rate = rateOfEnded(ended);
  return (
    <Peek
      label="Ingest"
      title={<RefText reference={ref} expected={digest} />}
      onClose={onClose}
      acts={
        href !== undefined && (
          <Link href={href} prefetch={false} className={buttonClass("primary")}>
            <Icon of={ArrowUpRight} /> Open blob
          </Link>
        )
      }
    >
      <FactList>
        <Fact name="Ended">
          <OutcomeSign outcome={outcome} />
          <div className={styles.rule}>{ruleOfOutcome(outcome)}</div>
        </Fact>
        <Fact name="Bytes">{endWords(ended)}</Fact>
        {rate !== undefined && <Fact name="Rate">{formatRate(rate)}</Fact>}
        <Fact name="By">{isOurs ? "you" : by === "" ? "not known" : <Holder holder={by} />}</Fact>
        <Fact name="Started">
          <TimeOfDay at={startedAt} />
        </Fact>
        <Fact name="Ended at">
          <TimeOfDay at={endedAt} />, <Ago at={endedAt} />
        </Fact>
        <Identity namespace={namespace} reference={ref} />
        {digest !== undefined && (
          <Fact name="Digest">
            <code>{digest}</code>
          </Fact>
        )}
      </FactList>
    </Peek>
  );
}

function NotHere({ onClose }: { readonly onClose: () => void }) {
  return (
    <Peek label="Ingest" title="It is not here" acts={null} onClose={onClose}>
      <p className="muted">
        No ingest has this ref now. It may have ended before this page was opened, or be in a namespace that is not
        chosen.
      </p>
    </Peek>
  );
}
