"use client";
import { useRouter } from "next/navigation";
import { lazy, Suspense, useCallback, useEffect, useMemo, useState } from "react";
import type { LeaseRow } from "../../content/catalog.ts";
import { CatalogList } from "../_catalog/catalog-list.tsx";
import { CatalogPage } from "../_catalog/catalog-page.tsx";
import { CatalogSelection } from "../_catalog/catalog-selection.tsx";
import { FirstRow } from "../_catalog/first-run.tsx";
import type { Held } from "../_catalog/kind.ts";
import { openOf } from "../_catalog/kind.ts";
import type { Catalog } from "../_catalog/use-catalog.ts";
import { useCatalog } from "../_catalog/use-catalog.ts";
import { namedKey } from "../_live/catalog-events.ts";
import { serverNow } from "../_live/clock.ts";
import { useServerNow } from "../_live/hooks.ts";
import { tellLeakedLeases } from "../_live/trouble.ts";
import { ctrDefault, ctrNewLease } from "../_ui/commands.ts";
import { formatCount } from "../_ui/format.ts";
import { only } from "../_ui/list/chosen.ts";
import { useColumns } from "../_ui/list/use-columns.ts";
import { patiently } from "../_ui/popups/patiently.ts";
import { useKeyHint } from "../_ui/shortcuts.ts";
import { leaseColumns, toldByPanel } from "./columns.tsx";
import { chosenLeases, leaseChoice, leaseKind, leaseState, leaseTokens, nameOfLease, sortLeases } from "./kind.ts";
import type { AskedOfLease } from "./lease-acts.ts";
import { actsOfLease } from "./lease-acts.ts";
import styles from "./leases.module.css";

const loadPeek = patiently(() => import("./lease-peek.tsx"));
const LeasePeek = lazy(async () => ({ default: (await loadPeek()).LeasePeek }));
const loadDialogs = patiently(() => import("./lease-dialogs.tsx"));
const LeaseDialog = lazy(async () => ({ default: (await loadDialogs()).LeaseDialog }));
const BulkExpire = lazy(async () => ({ default: (await loadDialogs()).BulkExpire }));

/** A lease becomes a leaked one by time alone: the order is looked at so often, in milliseconds. */
const orderMs = 15_000;

/** The leases: what is kept for whom, until when, and what nobody came back for. */
export function LeasesPage() {
  const catalog = useCatalog(leaseKind);
  const { names, view, rows, matching, sort } = catalog;
  const [asked, setAsked] = useState<AskedOfLease>();
  const [doomed, setDoomed] = useState<readonly LeaseRow[]>();
  const hasNamespaces = names.length !== 1;
  const columns = useColumns(
    "leases",
    useMemo(() => leaseColumns(hasNamespaces), [hasNamespaces]),
  );
  const nowMs = useServerNow(orderMs);
  const lines = useMemo(() => sortLeases(matching, sort, Math.max(nowMs, serverNow())), [matching, sort, nowMs]);
  const router = useRouter();
  const actsOf = useCallback(
    (held: Held<"leases">) => actsOfLease(held, setAsked, (href) => router.push(href)),
    [router],
  );
  useLeakedOf(catalog, nowMs);
  useKeyHint("e", "Extend…", "Acts");
  useKeyHint("c", "Copy id", "Acts");
  useKeyHint("Delete", "Expire now…", "Acts");

  return (
    <CatalogPage
      catalog={catalog}
      columns={columns}
      placeholder="state:leaked age:>24h label:team, or a part of an id"
      answer={<Answer rows={openOf(matching)} />}
    >
      <CatalogList
        catalog={catalog}
        lines={lines}
        columns={columns}
        toldByPanel={toldByPanel}
        choice={leaseChoice}
        card={styles.card}
        isAsking={asked !== undefined || doomed !== undefined}
        actsOf={actsOf}
        tokensOf={leaseTokens}
        orderWords="trouble first, then oldest"
        firstRun={<FirstRun names={names} />}
        panel={(held, acts, onClose) => <LeasePeek held={held} acts={acts} onClose={onClose} />}
      />
      <CatalogSelection
        catalog={catalog}
        store={chosenLeases}
        namedOf={nameOfLease}
        present={useMemo(() => new Set(openOf(rows).map(({ key }) => key)), [rows])}
        shown={useMemo(() => new Set(lines.map(({ key }) => key)), [lines])}
        act="Expire"
        onAct={setDoomed}
      />
      <Suspense fallback={null}>
        {asked && <LeaseDialog asked={asItIsNow(asked, view.rows)} onClose={() => setAsked(undefined)} />}
        {doomed && (
          <BulkExpire
            rows={doomed.map((row) => latest(row, view.rows))}
            onClose={(left) => {
              setDoomed(undefined);
              if (left) chosenLeases.set(only(left.map((row) => [namedKey(row.namespace, row.lease.id), row])));
            }}
          />
        )}
      </Suspense>
    </CatalogPage>
  );
}

/** The navigation knows what this page sees. */
function useLeakedOf({ rows, view }: Catalog<"leases">, nowMs: number): void {
  const isSeen = view.isComplete && view.error === undefined;
  const leaked = countLeaked(openOf(rows), nowMs);
  useEffect(() => {
    if (isSeen) tellLeakedLeases(leaked);
  }, [isSeen, leaked]);
}

function countLeaked(rows: readonly Held<"leases">[], nowMs: number): number {
  const now = Math.max(nowMs, serverNow());
  return rows.filter(({ row }) => leaseState(row, now) === "leaked").length;
}

/** The same lease with what has come since it was asked about. */
function asItIsNow(asked: AskedOfLease, rows: readonly Held<"leases">[]): AskedOfLease {
  return { ...asked, row: latest(asked.row, rows) };
}

function latest(row: LeaseRow, rows: readonly Held<"leases">[]): LeaseRow {
  const key = namedKey(row.namespace, row.lease.id);
  return rows.find((held) => held.key === key)?.row ?? row;
}

/** How many leases are leaked, and how many are being written under. */
function Answer({ rows }: { readonly rows: readonly Held<"leases">[] }) {
  const nowMs = useServerNow(orderMs);
  const leaked = countLeaked(rows, nowMs);
  const used = rows.filter(({ row }) => row.activeIngests > 0).length;
  return (
    <>
      {leaked > 0 && (
        <span className="warn">
          <b className="warn">{formatCount(leaked)}</b> leaked
        </span>
      )}
      {used > 0 && (
        <span>
          <b>{formatCount(used)}</b> in use
        </span>
      )}
    </>
  );
}

function FirstRun({ names }: { readonly names: readonly string[] }) {
  const namespace = names.length === 1 ? (names[0] ?? ctrDefault) : ctrDefault;
  return (
    <FirstRow title="There are no leases" lineOf={(socket) => ctrNewLease({ socket, namespace })}>
      A lease keeps what a client still works on from being collected. Each will be a row on this page: what it holds,
      and until when.
    </FirstRow>
  );
}
