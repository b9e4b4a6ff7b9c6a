"use client";
import { TriangleAlert } from "lucide-react";
import { useEffect, useState } from "react";
import type { LeaseRow } from "../../content/catalog.ts";
import { extendLease } from "../../content/remote/catalog.ts";
import { leaseResources } from "../../content/remote/leases.ts";
import ask from "../_catalog/ask.module.css";
import { AskDialog, Options } from "../_catalog/ask-dialog.tsx";
import { Until } from "../_catalog/facts.tsx";
import { namedKey } from "../_live/catalog-events.ts";
import { serverNow } from "../_live/clock.ts";
import { useStore } from "../_live/hooks.ts";
import { serverTransport } from "../_live/link.ts";
import { liveIngests } from "../_live/live.ts";
import { errorText } from "../_ui/error-text.ts";
import { formatBytes, formatCounted } from "../_ui/format.ts";
import { Icon } from "../_ui/icon.tsx";
import { BulkDialog, type ItemResult } from "../_ui/list/bulk-dialog.tsx";
import { needsTyping } from "../_ui/list/chosen.ts";
import { visibleText } from "../_ui/visible-text.ts";
import type { AskedOfLease } from "./lease-acts.ts";
import { expireLease } from "./lease-acts.ts";
import styles from "./leases.module.css";

interface LeaseDialogProps {
  readonly asked: AskedOfLease;
  readonly onClose: () => void;
}

/** Asks how long a lease is to hold. */
export function LeaseDialog({ asked: { kind, row }, onClose }: LeaseDialogProps) {
  return kind === "extend" ? (
    <ExtendDialog row={row} onClose={onClose} />
  ) : (
    <ExpireDialog row={row} onClose={onClose} />
  );
}

interface RowDialogProps {
  readonly row: LeaseRow;
  readonly onClose: () => void;
}

const hourMs = 60 * 60_000;

const spans = { "1h": hourMs, "24h": 24 * hourMs, "7d": 7 * 24 * hourMs, never: undefined } as const;

const spanOptions = [
  { value: "1h", label: "1 hour from now" },
  { value: "24h", label: "24 hours from now" },
  { value: "7d", label: "7 days from now" },
  { value: "never", label: "Never: it holds until somebody deletes it" },
] as const;

function ExtendDialog({ row: { namespace, lease, expiresAt }, onClose }: RowDialogProps) {
  const [span, setSpan] = useState<keyof typeof spans>("24h");
  return (
    <AskDialog
      title="When does this lease expire?"
      act="Set"
      onClose={onClose}
      onAct={async () => {
        const ms = spans[span];
        const until = ms === undefined ? {} : { expiresAt: new Date(serverNow() + ms) };
        await extendLease(serverTransport(), {}, { namespace, id: lease.id, ...until });
      }}
    >
      <p>
        <code>{visibleText(lease.id)}</code> in namespace {namespace}; now: <Until at={expiresAt} />
      </p>
      <Options legend="It expires" options={spanOptions} chosen={span} onChoose={setSpan} />
    </AskDialog>
  );
}

function ExpireDialog({ row, onClose }: RowDialogProps) {
  const { namespace, lease, weight } = row;
  return (
    <AskDialog
      title="Expire this lease now?"
      act="Expire now"
      isDanger
      onClose={onClose}
      onAct={async () => {
        await expireLease(row);
      }}
    >
      <Users rows={[row]} />
      <p>
        <code>{visibleText(lease.id)}</code> in namespace {namespace} goes, and what it holds stays until the next
        collection.{" "}
        {weight === undefined ? (
          "How much only it holds is being worked out."
        ) : weight.onlyBytes === 0 ? (
          "Nothing is freed: all of it is held by something else too, or is not there."
        ) : (
          <>
            That takes <b>{formatBytes(weight.onlyBytes)}</b>, which nothing else holds in this namespace.
          </>
        )}
      </p>
    </AskDialog>
  );
}

/** Ingests that are written under leases that are to go; nothing where there are none. */
function Users({ rows }: { readonly rows: readonly LeaseRow[] }) {
  const used = rows.filter(({ activeIngests }) => activeIngests > 0);
  const count = used.reduce((sum, { activeIngests }) => sum + activeIngests, 0);
  const refs = useRefs(used);
  if (count === 0) return null;
  return (
    <div className={ask.warning} role="alert">
      <Icon of={TriangleAlert} className="warn" />
      <div>
        {formatCounted(count, "ingest")} {count === 1 ? "is" : "are"} being written under{" "}
        {rows.length === 1 ? "it" : "them"}: {count === 1 ? "its" : "their"} commit will be refused.
        {refs.length > 0 && (
          <ul>
            {refs.map((ref) => (
              <li key={ref}>
                <code>{visibleText(ref)}</code>
              </li>
            ))}
          </ul>
        )}
      </div>
    </div>
  );
}

/** Refs of the ingests that writers hold under some leases, as far as the page knows them. */
function useRefs(rows: readonly LeaseRow[]): readonly string[] {
  const { rows: ingests } = useStore(liveIngests);
  const [named, setNamed] = useState<readonly string[]>([]);
  const key = rows.map(({ namespace, lease }) => namedKey(namespace, lease.id)).join("\n");
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says which rows they are.
  useEffect(() => {
    const end = new AbortController();
    const ask = ({ namespace, lease }: LeaseRow) =>
      leaseResources(serverTransport(), { namespace }, lease.id, end.signal).then((resources) =>
        resources.filter(({ type }) => type === "ingests").map(({ id }) => namedKey(namespace, id)),
      );
    Promise.all(rows.slice(0, 20).map(ask)).then(
      (all) => end.signal.aborted || setNamed(all.flat()),
      () => undefined,
    );
    return () => end.abort();
  }, [key]);
  const written = ingests.filter(({ goneAt, row }) => goneAt === undefined && row.state !== "resumable");
  return written.filter((ingest) => named.includes(ingest.key)).map(({ row }) => row.status.ref);
}

interface BulkExpireProps {
  readonly rows: readonly LeaseRow[];
  /** @param left those that are left to be tried again; absent: nothing was done */
  readonly onClose: (left?: readonly LeaseRow[]) => void;
}

/** Asks before many leases go, ends them, and says what became of each. */
export function BulkExpire({ rows, onClose }: BulkExpireProps) {
  // What is asked about is what is done; the list behind the dialog goes on.
  const [asked] = useState(rows);
  const only = asked.reduce((sum, { weight }) => sum + (weight?.onlyBytes ?? 0), 0);
  return (
    <BulkDialog
      title={`Expire ${formatCounted(asked.length, "lease")} now?`}
      act="Expire"
      done="expired"
      already="were gone"
      noun="lease"
      items={asked}
      isDanger
      isTyped={needsTyping({ count: asked.length, bytes: only })}
      keyOf={({ namespace, lease }) => namedKey(namespace, lease.id)}
      nameOf={({ lease }) => <code>{visibleText(lease.id)}</code>}
      tellEach={(row, result) => <Each row={row} result={result} />}
      run={expireLease}
      onClose={onClose}
    >
      <Users rows={asked} />
      <p>
        What they hold stays until the next collection. It takes at least <b>{formatBytes(only)}</b> that each holds
        alone; what only they hold together comes on top.
      </p>
    </BulkDialog>
  );
}

function Each({ row: { lease, namespace }, result }: { readonly row: LeaseRow; readonly result: ItemResult }) {
  return (
    <div className={styles.line}>
      <code>{visibleText(lease.id)}</code>
      <span className="muted">{namespace}</span>
      {result === "done" && <span className="ok">expired</span>}
      {result === "already" && <span className="muted">was gone</span>}
      {typeof result === "object" && <span className="danger">{errorText(result.error)}</span>}
    </div>
  );
}
