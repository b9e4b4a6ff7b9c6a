import type { LeaseRow } from "../../content/catalog.ts";
import { Until } from "../_catalog/facts.tsx";
import type { Held } from "../_catalog/kind.ts";
import { Bytes } from "../_ui/bytes.tsx";
import { formatCount, formatCounted, unknown } from "../_ui/format.ts";
import type { Column } from "../_ui/list/column.ts";
import { Age } from "../_ui/time.tsx";
import { visibleText } from "../_ui/visible-text.ts";
import { LabelsCell } from "../content/labels-cell.tsx";
import { heldBy } from "./kind.ts";
import { LeaseSign } from "./lease-sign.tsx";
import styles from "./leases.module.css";

type LeaseColumn = Column<Held<"leases">>;

const state: LeaseColumn = {
  id: "state",
  header: "State",
  width: "112px",
  isFixed: true,
  isSortable: true,
  className: styles.state,
  cell: ({ row, goneAt }) => (goneAt === undefined ? <LeaseSign row={row} /> : <span className="muted">gone</span>),
};

const id: LeaseColumn = {
  id: "id",
  header: "Id",
  width: "minmax(176px, 1fr)",
  isFixed: true,
  isName: true,
  isSortable: true,
  className: styles.id,
  cell: ({ row }) => (
    <code className="cut strike" data-tip={visibleText(row.lease.id)}>
      {visibleText(row.lease.id)}
    </code>
  ),
};

const created: LeaseColumn = {
  id: "created",
  header: "Created",
  width: "96px",
  align: "end",
  isSortable: true,
  className: styles.created,
  cell: ({ row }) => <Age at={row.lease.createdAt} />,
};

const expires: LeaseColumn = {
  id: "expires",
  header: "Expires",
  width: "116px",
  align: "end",
  isSortable: true,
  className: styles.expires,
  cell: ({ row }) => <Until at={row.expiresAt} />,
};

const holds: LeaseColumn = {
  id: "holds",
  header: "Holds",
  width: "minmax(96px, 156px)",
  align: "end",
  isSortable: true,
  className: styles.holds,
  cell: ({ row }) => <Holds row={row} />,
};

/** How much a lease names; of what kinds, in the tip. */
function Holds({ row }: { readonly row: LeaseRow }) {
  const count = heldBy(row);
  if (count === 0) return <span className="faint">nothing</span>;
  const kinds = kindsOf(row);
  return (
    <span data-tip={kinds.join("\n")}>
      {kinds.length === 1 ? kinds[0] : `${formatCount(count)} in ${kinds.length} kinds`}
    </span>
  );
}

/** What a lease names, by kind, in words. */
export function kindsOf({ blobs, ingests, images, snapshots, activeIngests }: LeaseRow): readonly string[] {
  const active = activeIngests > 0 ? `, ${formatCount(activeIngests)} written now` : "";
  return [
    ...(blobs > 0 ? [formatCounted(blobs, "blob")] : []),
    ...(ingests > 0 ? [`${formatCounted(ingests, "ingest")}${active}`] : []),
    ...(images > 0 ? [formatCounted(images, "image")] : []),
    ...(snapshots > 0 ? [formatCounted(snapshots, "snapshot")] : []),
  ];
}

const bytes: LeaseColumn = {
  id: "bytes",
  header: "Bytes",
  width: "92px",
  align: "end",
  isSortable: true,
  className: styles.bytes,
  cell: ({ row }) => <Weight of={row.weight?.bytes} />,
};

const only: LeaseColumn = {
  id: "only",
  header: "Only it holds",
  width: "116px",
  align: "end",
  isSortable: true,
  className: styles.only,
  cell: ({ row }) => <Weight of={row.weight?.onlyBytes} />,
};

function Weight({ of }: { readonly of: number | undefined }) {
  if (of !== undefined) return <Bytes of={of} />;
  return (
    <span className="faint" data-tip="It is being worked out">
      {unknown}
    </span>
  );
}

const labels: LeaseColumn = {
  id: "labels",
  header: "Labels",
  width: "minmax(112px, .6fr)",
  className: styles.labels,
  cell: ({ row }) => <LabelsCell labels={row.lease.labels} />,
};

const namespace: LeaseColumn = {
  id: "ns",
  header: "Namespace",
  width: "minmax(88px, 120px)",
  isSortable: true,
  className: styles.namespace,
  cell: ({ row }) => row.namespace,
};

/** Columns that tell what a panel beside the list tells too. */
export const toldByPanel: ReadonlySet<string> = new Set(["created", "holds", "bytes", "labels", "ns"]);

/** The columns of the leases. @param hasNamespaces rows are of several namespaces */
export function leaseColumns(hasNamespaces: boolean): readonly LeaseColumn[] {
  return [state, id, created, expires, holds, bytes, only, labels, ...(hasNamespaces ? [namespace] : [])];
}
