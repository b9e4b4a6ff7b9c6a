"use client";
import { ArrowUpRight, Copy, CopyPlus } from "lucide-react";
import { useRouter } from "next/navigation";
import { type ReactNode, Suspense, useCallback, useMemo, useState } from "react";
import type { ComparedKind, CompareReport, DifferentBlob } from "../../content/compare/report.ts";
import type { ComparedPart } from "../../content/compare.ts";
import { listDifferences } from "../../content/remote/compare.ts";
import { serverTransport } from "../_live/server-transport.ts";
import { copyText } from "../_ui/copy-button.tsx";
import type { SortKey } from "../_ui/list/column.ts";
import { List } from "../_ui/list/list.tsx";
import { Menu } from "../_ui/popups/index.ts";
import type { MenuItem } from "../_ui/popups/menu.tsx";
import { useKeyHint } from "../_ui/shortcuts.ts";
import { blobColumnsOf, blobHrefIn } from "./columns.tsx";
import styles from "./compare.module.css";
import { Footer } from "./footer.tsx";
import { useReportRows } from "./report-rows.ts";

interface DifferenceListProps {
  readonly report: CompareReport;
  readonly part: ComparedPart;
  /** Absent: blobs of every kind. */
  readonly kind: ComparedKind | undefined;
  /** The store whose pages the rows lead to. */
  readonly store: string;
  readonly sort: readonly SortKey[];
  readonly onSort: (id: string) => void;
  /** Copies one blob to the other side; absent: both have it. */
  readonly copyOne: ((blob: DifferentBlob) => void) | undefined;
  readonly empty: ReactNode;
}

/** A menu of a row: what it is about, and where it hangs. */
interface RowMenuAt {
  readonly blob: DifferentBlob;
  readonly element: HTMLElement;
}

/** The blobs of a part of a report. */
export function DifferenceList({ report, part, kind, store, sort, onSort, copyOne, empty }: DifferenceListProps) {
  const [menu, setMenu] = useState<RowMenuAt>();
  const { id, totals, kinds, namespaces } = report;
  const orderBy = sort.map((key) => `${key.id}${key.isDescending ? " desc" : ""}`).join(", ");
  const read = useCallback(
    (skip: number, size: number, signal: AbortSignal) =>
      listDifferences(serverTransport(""), { report: id, part, orderBy, skip, size, ...(kind && { kind }) }, signal),
    [id, part, kind, orderBy],
  );
  const ofKind = kinds.find((each) => each.part === part && each.kind === kind);
  const total = kind === undefined ? totals[part].blobs : (ofKind?.blobs ?? 0);
  const { rows, onSight, isLoading } = useReportRows(read, keyOf, total);
  const hasNamespaces = namespaces[part === "only-b" ? "b" : "a"].length > 1;
  const columns = useMemo(() => blobColumnsOf(store, hasNamespaces), [store, hasNamespaces]);
  const hrefOf = useCallback((row: DifferentBlob) => blobHrefIn(store, row.namespace, row.digest), [store]);
  useKeyHint("c", "Copy digest", "Acts");
  useKeyHint(".", "All acts of the row", "Acts");

  function onRowKey(key: string, blob: DifferentBlob, element: HTMLElement): boolean {
    if (key === "c") void copyText(blob.digest, "digest");
    else if (key === ".") setMenu({ blob, element });
    else return false;
    return true;
  }

  return (
    <>
      <List
        {...{ rows, columns, sort, onSort, onSight, hrefOf, onRowKey, marksOf, empty }}
        label="Blobs"
        card={styles.card}
        identity={`${id} ${part} ${kind ?? ""} ${orderBy}`}
        state={isLoading ? "loading" : "ready"}
        footer={<Footer words={footerOf(sort)} />}
      />
      {menu && (
        <RowMenu
          at={menu}
          href={hrefOf(menu.blob)}
          copyOne={copyOne && (() => copyOne(menu.blob))}
          onClose={() => setMenu(undefined)}
        />
      )}
    </>
  );
}

const keyOf = ({ digest }: DifferentBlob) => digest;
const noMarks = {};
const marksOf = () => noMarks;

function footerOf([key]: readonly SortKey[]): string {
  if (key?.id === "digest") return `in the order of digests${key.isDescending ? ", from the last" : ""}`;
  return key?.isDescending === false ? "smallest first" : "largest first";
}

interface RowMenuProps {
  readonly at: RowMenuAt;
  readonly href: string;
  readonly copyOne: (() => void) | undefined;
  readonly onClose: () => void;
}

function RowMenu({ at: { blob, element }, href, copyOne, onClose }: RowMenuProps) {
  const router = useRouter();
  const anchor = useMemo(() => ({ current: element }), [element]);
  const items: MenuItem[] = [
    { key: "open", label: "Open page", icon: ArrowUpRight, onSelect: () => router.push(href) },
    { key: "copy", label: "Copy digest", note: "c", icon: Copy, onSelect: () => void copyText(blob.digest, "digest") },
  ];
  if (copyOne) items.push({ key: "other", label: "Copy to the other side…", icon: CopyPlus, onSelect: copyOne });
  return (
    <Suspense fallback={null}>
      <Menu anchor={anchor} label="Acts" onClose={onClose} groups={[items]} />
    </Suspense>
  );
}
