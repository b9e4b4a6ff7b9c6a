"use client";
import { type ReactNode, useCallback, useMemo } from "react";
import type { CompareReport, OtherDigest } from "../../content/compare/report.ts";
import { listOtherDigests } from "../../content/remote/compare.ts";
import { serverTransport } from "../_live/server-transport.ts";
import { copyText } from "../_ui/copy-button.tsx";
import { List } from "../_ui/list/list.tsx";
import { useKeyHint } from "../_ui/shortcuts.ts";
import { nameColumns } from "./columns.tsx";
import styles from "./compare.module.css";
import { Footer } from "./footer.tsx";
import { useReportRows } from "./report-rows.ts";

interface OtherDigestListProps {
  readonly report: CompareReport;
  readonly stores: { readonly a: string; readonly b: string };
  readonly empty: ReactNode;
}

/** The images that both sides have by name, and that stand for different digests. */
export function OtherDigestList({ report: { id, images }, stores: { a, b }, empty }: OtherDigestListProps) {
  const read = useCallback(
    (skip: number, size: number, signal: AbortSignal) =>
      listOtherDigests(serverTransport(""), { report: id, skip, size }, signal),
    [id],
  );
  const { rows, onSight, isLoading } = useReportRows(read, keyOf, images?.otherDigests ?? 0);
  const columns = useMemo(() => nameColumns({ a, b }), [a, b]);
  useKeyHint("c", "Copy name", "Acts");

  function onRowKey(key: string, { name }: OtherDigest): boolean {
    if (key !== "c") return false;
    void copyText(name, "name");
    return true;
  }

  return (
    <List
      {...{ rows, columns, onSight, onRowKey, marksOf, empty }}
      label="Images"
      sort={noSort}
      onSort={() => undefined}
      card={styles.nameCard}
      identity={id}
      state={isLoading ? "loading" : "ready"}
      footer={<Footer words="by name" />}
    />
  );
}

const keyOf = ({ name }: OtherDigest) => name;
const noMarks = {};
const marksOf = () => noMarks;
const noSort = [] as const;
