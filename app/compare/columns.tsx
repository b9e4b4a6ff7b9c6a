import Link from "next/link";
import type { DifferentBlob, OtherDigest } from "../../content/compare/report.ts";
import type { Digest } from "../../content/digest.ts";
import { storeHref } from "../_live/here.ts";
import { Bytes } from "../_ui/bytes.tsx";
import { CopyButton } from "../_ui/copy-button.tsx";
import { DigestText } from "../_ui/digest-text.tsx";
import type { Column } from "../_ui/list/column.ts";
import { visibleText } from "../_ui/visible-text.ts";
import styles from "./compare.module.css";
import { KindSign } from "./kinds.tsx";

/** The page of a blob of a store. */
export function blobHrefIn(store: string, namespace: string, digest: Digest): string {
  return storeHref(`/blob?ns=${encodeURIComponent(namespace)}&d=${digest}`, store);
}

/** The columns of the blobs of a part. @param store that has them @param hasNamespaces they are of several */
export function blobColumnsOf(store: string, hasNamespaces: boolean): readonly Column<DifferentBlob>[] {
  const digest: Column<DifferentBlob> = {
    id: "digest",
    header: "Digest",
    width: "minmax(212px, 320px)",
    isFixed: true,
    isSortable: true,
    className: styles.digest,
    cell: ({ digest: own, namespace }) => (
      <span className={styles.digestCell}>
        <Link href={blobHrefIn(store, namespace, own)} tabIndex={-1} prefetch={false}>
          <DigestText digest={own} />
        </Link>
        <CopyButton text={own} what="digest" size="tiny" tabIndex={-1} className={styles.shy} />
      </span>
    ),
  };
  return hasNamespaces ? [digest, kind, namespace, size] : [digest, kind, size];
}

const kind: Column<DifferentBlob> = {
  id: "kind",
  header: "Kind",
  width: "minmax(112px, 1fr)",
  className: styles.kind,
  cell: (row) => <KindSign kind={row.kind} />,
};

const namespace: Column<DifferentBlob> = {
  id: "ns",
  header: "Namespace",
  width: "minmax(96px, 200px)",
  className: styles.namespace,
  cell: (row) => row.namespace,
};

const size: Column<DifferentBlob> = {
  id: "size",
  header: "Size",
  width: "minmax(112px, 160px)",
  align: "end",
  isSortable: true,
  className: styles.size,
  cell: (row) => <Bytes of={row.size} />,
};

/** The columns of names that stand for different digests. @param stores of both sides */
export function nameColumns(stores: { readonly a: string; readonly b: string }): readonly Column<OtherDigest>[] {
  const digestOf = (side: "a" | "b"): Column<OtherDigest> => ({
    id: side,
    header: `Digest in ${side.toUpperCase()}`,
    width: "minmax(200px, 260px)",
    className: styles[side],
    cell: (row) => (
      <Link
        href={blobHrefIn(stores[side], row[side].namespace, row[side].digest)}
        tabIndex={-1}
        prefetch={false}
        aria-label={`${side.toUpperCase()} ${row[side].digest}`}
      >
        <DigestText digest={row[side].digest} />
      </Link>
    ),
  });
  const name: Column<OtherDigest> = {
    id: "name",
    header: "Image",
    width: "minmax(200px, 1fr)",
    isFixed: true,
    className: styles.image,
    cell: (row) => <code className="cut">{visibleText(row.name)}</code>,
  };
  return [name, digestOf("a"), digestOf("b")];
}
