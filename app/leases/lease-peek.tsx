"use client";
import type { LeaseRow } from "../../content/catalog.ts";
import catalog from "../_catalog/catalog.module.css";
import { LabelFacts, TerminalFacts, Until } from "../_catalog/facts.tsx";
import type { Held } from "../_catalog/kind.ts";
import { PanelActs } from "../_catalog/panel-acts.tsx";
import type { RowAct } from "../_catalog/row-act.ts";
import { ctrLease } from "../_ui/commands.ts";
import { formatBytes, formatExactBytes, formatMoment, unknown } from "../_ui/format.ts";
import { Fact, FactList, Peek } from "../_ui/list/peek.tsx";
import { Ago } from "../_ui/time.tsx";
import { visibleText } from "../_ui/visible-text.ts";
import { kindsOf } from "./columns.tsx";
import { LeaseSign, ruleOfLease, useLeaseState } from "./lease-sign.tsx";
import styles from "./leases.module.css";

interface LeasePeekProps {
  /** Absent: it is not here. */
  readonly held: Held<"leases"> | undefined;
  readonly acts: readonly RowAct[];
  readonly onClose: () => void;
}

/** What is known of a lease, beside the list. */
export function LeasePeek({ held, acts, onClose }: LeasePeekProps) {
  if (held === undefined) {
    return (
      <Peek label="Lease" title="It is not here" acts={null} onClose={onClose}>
        <p className="muted">
          No lease has this id now: it expired or was deleted, or is in a namespace that is not chosen.
        </p>
      </Peek>
    );
  }
  const { row, goneAt } = held;
  return (
    <Peek
      label="Lease"
      title={visibleText(row.lease.id)}
      onClose={onClose}
      acts={<PanelActs acts={acts} shown={["extend", "activity", "expire"]} primary="extend" />}
    >
      <Facts row={row} isGone={goneAt !== undefined} />
      <LabelFacts labels={row.lease.labels} />
      <TerminalFacts lineOf={(socket) => ctrLease({ socket, namespace: row.namespace }, row.lease.id)} />
    </Peek>
  );
}

function Facts({ row, isGone }: { readonly row: LeaseRow; readonly isGone: boolean }) {
  const { lease, namespace, expiresAt, weight } = row;
  const state = useLeaseState(row);
  const kinds = kindsOf(row);
  return (
    <FactList>
      <Fact name="State">
        {isGone ? (
          "gone"
        ) : (
          <>
            <LeaseSign row={row} />
            <div className={catalog.rule}>{ruleOfLease(state)}</div>
          </>
        )}
      </Fact>
      <Fact name="Namespace">{namespace}</Fact>
      <Fact name="Created">
        <Ago at={lease.createdAt} />
        <div className={catalog.rule}>{formatMoment(lease.createdAt)}</div>
      </Fact>
      <Fact name="Expires">
        <Until at={expiresAt} />
        {expiresAt && <div className={catalog.rule}>{formatMoment(expiresAt)}</div>}
      </Fact>
      <Fact name="Holds">
        {kinds.length === 0 ? (
          "nothing"
        ) : (
          <ul className={styles.names}>
            {kinds.map((kind) => (
              <li key={kind}>{kind}</li>
            ))}
          </ul>
        )}
      </Fact>
      <Fact name="Bytes">
        <Exact bytes={weight?.bytes} />
      </Fact>
      <Fact name="Only it holds">
        <Exact bytes={weight?.onlyBytes} />
        <div className={catalog.rule}>what the next collection takes once it is gone</div>
      </Fact>
    </FactList>
  );
}

function Exact({ bytes }: { readonly bytes: number | undefined }) {
  if (bytes === undefined) return <span className="muted">{unknown} it is being worked out</span>;
  return (
    <>
      {formatBytes(bytes)} {bytes >= 1024 && <span className="muted">{formatExactBytes(bytes)}</span>}
    </>
  );
}
