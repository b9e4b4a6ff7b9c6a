import { Trash2 } from "lucide-react";
import Link from "next/link";
import type { Blob } from "../../content/remote/events.ts";
import type { BlobRow } from "../_live/blobs.ts";
import { storeHref } from "../_live/here.ts";
import { IconButton } from "../_ui/button.tsx";
import { Bytes } from "../_ui/bytes.tsx";
import { CopyButton } from "../_ui/copy-button.tsx";
import { DigestText } from "../_ui/digest-text.tsx";
import type { Column } from "../_ui/list/column.ts";
import { Age } from "../_ui/time.tsx";
import styles from "./content.module.css";
import { LabelsCell } from "./labels-cell.tsx";

/** The page of a blob. */
export function blobHref({ namespace, info }: Blob): string {
  return storeHref(`/blob?ns=${encodeURIComponent(namespace)}&d=${info.digest}`);
}

/** Names that the server gives to the columns it can order by. */
export const orderFields: Readonly<Record<string, string>> = {
  digest: "digest",
  ns: "namespace",
  size: "size",
  created: "created_at",
  updated: "updated_at",
};

/** Columns that are read from the largest or the latest down. */
export const descendingFirst: ReadonlySet<string> = new Set(["size", "created", "updated"]);

const digest: Column<BlobRow> = {
  id: "digest",
  header: "Digest",
  width: "minmax(212px, 1fr)",
  isFixed: true,
  isName: true,
  isSortable: true,
  className: styles.digest,
  cell: ({ row, goneAt }) => (
    <span className={styles.digestCell}>
      {goneAt === undefined ? (
        <Link href={blobHref(row)} tabIndex={-1} prefetch={false} className="strike">
          <DigestText digest={row.info.digest} />
        </Link>
      ) : (
        <span className="strike">
          <DigestText digest={row.info.digest} />
        </span>
      )}
      <CopyButton text={row.info.digest} what="digest" size="tiny" tabIndex={-1} className={styles.shy} />
    </span>
  ),
};

const namespace: Column<BlobRow> = {
  id: "ns",
  header: "Namespace",
  width: "minmax(96px, 160px)",
  isSortable: true,
  className: styles.namespace,
  cell: ({ row }) => row.namespace,
};

const size: Column<BlobRow> = {
  id: "size",
  header: "Size",
  width: "112px",
  align: "end",
  isSortable: true,
  className: styles.size,
  cell: ({ row }) => <Bytes of={row.info.size} />,
};

const labels: Column<BlobRow> = {
  id: "labels",
  header: "Labels",
  width: "minmax(160px, 1.4fr)",
  className: styles.labels,
  cell: ({ row }) => <LabelsCell labels={row.info.labels} />,
};

const created: Column<BlobRow> = {
  id: "created",
  header: "Created",
  width: "112px",
  align: "end",
  isSortable: true,
  className: styles.created,
  cell: ({ row, goneAt }) => (goneAt === undefined ? <Age at={row.info.createdAt} /> : "deleted"),
};

const updated: Column<BlobRow> = {
  id: "updated",
  header: "Updated",
  width: "112px",
  align: "end",
  isSortable: true,
  className: styles.updated,
  cell: ({ row }) => <Age at={row.info.updatedAt} />,
};

/** Columns that tell what a panel beside the list tells too. */
export const toldByPanel: ReadonlySet<string> = new Set(["ns", "updated"]);

/**
 * The columns of the blobs.
 *
 * @param hasNamespaces rows are of several namespaces
 */
export function blobColumns(
  hasNamespaces: boolean,
  onDelete: (row: BlobRow, element: HTMLElement) => void,
): readonly Column<BlobRow>[] {
  const acts: Column<BlobRow> = {
    id: "acts",
    header: "Acts",
    isHeaderHidden: true,
    isFixed: true,
    width: "56px",
    className: styles.acts,
    cell: (row) => row.goneAt === undefined && <DeleteButton row={row} onDelete={onDelete} />,
  };
  return [digest, ...(hasNamespaces ? [namespace] : []), size, labels, created, updated, acts];
}

interface DeleteButtonProps {
  readonly row: BlobRow;
  readonly onDelete: (row: BlobRow, element: HTMLElement) => void;
}

function DeleteButton({ row, onDelete }: DeleteButtonProps) {
  return (
    <IconButton
      icon={Trash2}
      label="Delete…"
      size="tiny"
      needs="change"
      tabIndex={-1}
      className={styles.shy}
      onClick={(event) => onDelete(row, event.currentTarget)}
    />
  );
}
