import Link from "next/link";
import type { NamespaceRow } from "../../content/catalog.ts";
import catalog from "../_catalog/catalog.module.css";
import type { Held } from "../_catalog/kind.ts";
import { Bytes } from "../_ui/bytes.tsx";
import { formatCount, formatCounted } from "../_ui/format.ts";
import type { Column } from "../_ui/list/column.ts";
import { LabelsCell } from "../content/labels-cell.tsx";
import { scopedHref } from "./kind.ts";
import styles from "./namespaces.module.css";

type NamespaceColumn = Column<Held<"namespaces">>;

const name: NamespaceColumn = {
  id: "name",
  header: "Name",
  width: "minmax(160px, 1fr)",
  isFixed: true,
  isName: true,
  isSortable: true,
  className: styles.name,
  cell: ({ row }) => <b className="cut strike">{row.name}</b>,
};

interface CountOptions {
  readonly id: string;
  readonly header: string;
  readonly noun: string;
  readonly path: string;
  readonly countOf: (row: NamespaceRow) => number;
}

/** A count that leads to what it counts. The panel has the same links, for who goes by keys. */
function countColumn({ id, header, noun, path, countOf }: CountOptions): NamespaceColumn {
  return {
    id,
    header,
    width: "92px",
    align: "end",
    isSortable: true,
    className: styles[id],
    cell: ({ row, goneAt }) => {
      const count = countOf(row);
      // On its own, as in a card, a number has to say what it counts.
      const word = <span className={styles.noun}>{` ${noun}${count === 1 ? "" : "s"}`}</span>;
      if (count === 0 || goneAt !== undefined) {
        return (
          <span className="faint">
            {formatCount(count)}
            {word}
          </span>
        );
      }
      return (
        <Link
          href={scopedHref(path, row.name)}
          prefetch={false}
          tabIndex={-1}
          className={catalog.count}
          aria-label={`${formatCounted(count, noun)} in ${row.name}`}
        >
          {formatCount(count)}
          {word}
        </Link>
      );
    },
  };
}

const bytes: NamespaceColumn = {
  id: "bytes",
  header: "Bytes",
  width: "100px",
  align: "end",
  isSortable: true,
  className: styles.bytes,
  cell: ({ row }) => <Bytes of={row.bytes} />,
};

const only: NamespaceColumn = {
  id: "only",
  header: "Only here",
  width: "100px",
  align: "end",
  isSortable: true,
  className: styles.only,
  cell: ({ row }) => <Bytes of={row.onlyBytes} />,
};

const labels: NamespaceColumn = {
  id: "labels",
  header: "Labels",
  width: "minmax(128px, .8fr)",
  className: styles.labels,
  cell: ({ row }) => <LabelsCell labels={row.labels} />,
};

const collected: NamespaceColumn = {
  id: "collected",
  header: "Collection",
  width: "120px",
  isSortable: true,
  className: styles.collected,
  cell: ({ row }) => (
    <span className={row.collected ? undefined : "muted"} data-tip={collectionRule(row)}>
      {collectionOf(row)}
    </span>
  ),
};

/** What happens in a namespace to what nothing holds, in a word or two. */
export function collectionOf({ collected: isCollected, untold: isUntold }: NamespaceRow): string {
  if (isUntold) return "not told";
  return isCollected ? "collected" : "keeps all";
}

/** The same in a sentence. */
export function collectionRule({ collected: isCollected, untold: isUntold }: NamespaceRow): string {
  if (isUntold) return "Its daemon says what goes, and does not tell here what it still needs";
  return isCollected
    ? "It has used images or leases: a blob that neither leads to is taken by the next collection"
    : "It has used neither images nor leases: nothing in it is collected";
}

/** Columns that tell what a panel beside the list tells too. */
export const toldByPanel: ReadonlySet<string> = new Set(["only", "images", "leases", "ingests", "labels", "collected"]);

/** The columns of the namespaces. */
export const namespaceColumns: readonly NamespaceColumn[] = [
  name,
  countColumn({ id: "blobs", header: "Blobs", noun: "blob", path: "/content", countOf: (row) => row.blobs }),
  bytes,
  only,
  countColumn({ id: "images", header: "Images", noun: "image", path: "/images", countOf: (row) => row.images }),
  countColumn({ id: "leases", header: "Leases", noun: "lease", path: "/leases", countOf: (row) => row.leases }),
  countColumn({ id: "ingests", header: "Ingests", noun: "ingest", path: "/ingests", countOf: (row) => row.ingests }),
  labels,
  collected,
];
