import type { LeaseRow } from "../../content/catalog.ts";
import { isLeaked } from "../../content/lease.ts";
import type { NamedRow } from "../../content/query.ts";
import { leaseStates } from "../../content/query.ts";
import type { CatalogQuery } from "../_catalog/catalog-query.ts";
import type { Named } from "../_catalog/chosen-now.ts";
import type { CatalogKind, Held } from "../_catalog/kind.ts";
import { compareNames, sortRows } from "../_catalog/kind.ts";
import { namedTokens } from "../_catalog/row-tokens.ts";
import { namedKey } from "../_live/catalog-events.ts";
import { liveLeases } from "../_live/catalog-live.ts";
import { serverNow } from "../_live/clock.ts";
import { createChoiceStore } from "../_ui/list/choice-store.ts";
import type { SortKey } from "../_ui/list/column.ts";
import type { ChoiceKind } from "../_ui/list/use-chosen.ts";

/** What a lease is: without an end and old, without an end, with one, and beyond it. */
export type LeaseState = "leaked" | "lasting" | "expiring" | "expired";

/** What a lease is at a moment. @param nowMs by the server's clock */
export function leaseState({ lease, expiresAt }: LeaseRow, nowMs: number): LeaseState {
  if (expiresAt !== undefined) return expiresAt.getTime() > nowMs ? "expiring" : "expired";
  return isLeaked(lease, nowMs) ? "leaked" : "lasting";
}

/** What a query asks of a lease. @param nowMs by the server's clock */
export function namedLease(row: LeaseRow, nowMs: number): NamedRow {
  const { namespace, lease, weight } = row;
  const state = leaseState(row, nowMs);
  return {
    namespace,
    texts: [lease.id],
    labels: lease.labels,
    bytes: weight?.bytes,
    createdAt: lease.createdAt,
    states: [state === "expired" ? "expiring" : state],
  };
}

/** Everything that a lease names. */
export function heldBy({ blobs, ingests, images, snapshots }: LeaseRow): number {
  return blobs + ingests + images + snapshots;
}

/** The page of leases. */
export const leaseKind: CatalogKind<"leases"> = {
  set: "leases",
  title: "Leases",
  noun: "lease",
  live: liveLeases,
  namedOf: namedLease,
  nameField: "id",
  states: leaseStates,
  sortable: ["state", "id", "created", "expires", "holds", "bytes", "only", "ns"],
  firstSort: { id: "state", isDescending: true },
  ascendingFirst: new Set(["id", "created", "expires", "ns"]),
};

/** A moment behind all others. */
const never = 8.64e15;

const stateOrder: readonly LeaseState[] = ["expired", "expiring", "lasting", "leaked"];

type Compare = (a: Held<"leases">, b: Held<"leases">) => number;

const created: Compare = (a, b) => a.row.lease.createdAt.getTime() - b.row.lease.createdAt.getTime();
const ends = ({ row }: Held<"leases">) => row.expiresAt?.getTime() ?? never;

/** The leases in an order; equal ones from the oldest on. @param nowMs by the server's clock */
export function sortLeases(
  rows: readonly Held<"leases">[],
  sort: readonly SortKey[],
  nowMs: number,
): readonly Held<"leases">[] {
  const leaks = ({ row }: Held<"leases">) => leaseState(row, nowMs) === "leaked";
  const place = ({ row }: Held<"leases">) => stateOrder.indexOf(leaseState(row, nowMs));
  const comparisons: Readonly<Record<string, Compare>> = {
    // Trouble stands out; of what is none, the age says more than the kind.
    state: (a, b) => (leaks(a) || leaks(b) ? place(a) - place(b) : 0),
    id: (a, b) => compareNames(a.row.lease.id, b.row.lease.id),
    created,
    expires: (a, b) => ends(a) - ends(b),
    holds: (a, b) => heldBy(a.row) - heldBy(b.row),
    bytes: (a, b) => (a.row.weight?.bytes ?? -1) - (b.row.weight?.bytes ?? -1),
    only: (a, b) => (a.row.weight?.onlyBytes ?? -1) - (b.row.weight?.onlyBytes ?? -1),
    ns: (a, b) => compareNames(a.row.namespace, b.row.namespace),
  };
  return sortRows(rows, sort, comparisons, (a, b) => created(a, b) || compareNames(a.key, b.key));
}

/** The leases that are chosen. */
export const chosenLeases = createChoiceStore<LeaseRow, CatalogQuery>();

/** What a chosen lease is called. */
export function nameOfLease({ namespace, lease }: LeaseRow): Named {
  return { namespace, name: lease.id };
}

/** Tokens of the query language that a lease matches. */
export function leaseTokens({ row, goneAt }: Held<"leases">): readonly string[] {
  return goneAt === undefined ? namedTokens(namedLease(row, serverNow())) : [];
}

/** The rows of the page as a choice. */
export const leaseChoice: ChoiceKind<Held<"leases">, LeaseRow, CatalogQuery> = {
  store: chosenLeases,
  keyOf: ({ namespace, lease }) => namedKey(namespace, lease.id),
  itemOf: ({ row }) => row,
  isGone: ({ goneAt }) => goneAt !== undefined,
};
