"use client";
import { useCallback, useMemo, useState } from "react";
import type { BlobQuery, BlobRow, BlobsView } from "../_live/blobs.ts";
import { serverNow } from "../_live/clock.ts";
import { newRowMs } from "../_live/held-set.ts";
import { blobKey } from "../_live/keys.ts";
import { serverStore } from "../_live/server.ts";
import { ctrGet } from "../_ui/commands.ts";
import { copyText } from "../_ui/copy-button.tsx";
import { List } from "../_ui/list/list.tsx";
import type { ListProps } from "../_ui/list/list-props.ts";
import { usePeek } from "../_ui/list/use-peek.ts";
import { Footer } from "./answer.tsx";
import { BlobPeek } from "./blob-peek.tsx";
import { blobColumns, blobHref } from "./columns.tsx";
import type { Doomed } from "./confirm-delete.tsx";
import { ConfirmDelete } from "./confirm-delete.tsx";
import styles from "./content.module.css";
import type { BlobRows } from "./use-blob-rows.ts";
import { chosenStore, useChosen } from "./use-chosen.ts";

interface BlobListProps extends Pick<ListProps<BlobRow>, "sort" | "identity" | "onSort" | "empty"> {
  readonly view: BlobsView;
  /** What is asked now; the rows may still answer another question. */
  readonly query: BlobQuery;
  readonly all: BlobRows;
  readonly hasNamespaces: boolean;
}

/** The blobs, and the panel of one beside them. */
export function BlobList({ view, query, all, hasNamespaces, ...list }: BlobListProps) {
  const [doomed, setDoomed] = useState<Doomed>();
  const onDelete = useCallback((row: BlobRow, element: HTMLElement) => setDoomed({ blob: row.row, element }), []);
  const columns = useMemo(() => blobColumns(hasNamespaces, onDelete), [hasNamespaces, onDelete]);
  const selection = useChosen(query, all.rows, all.isWhole);
  const peek = usePeek(all.rows);
  const isAnswer = view.query === query && !view.error;
  const isWaiting = view.rows.length === 0 && (!view.isComplete || view.isPending) && !view.error;
  return (
    <div className={styles.beside}>
      <List
        {...list}
        label="Blobs"
        rows={all.rows}
        columns={columns}
        leastWidth={hasNamespaces ? 932 : 792}
        card={styles.card}
        marksOf={marksOf}
        newAtOf={newAtOf}
        hrefOf={hrefOf}
        selection={selection}
        onSight={all.onSight}
        onPeek={peek.open}
        onCursorRow={peek.follow}
        peekedKey={peek.key}
        onRowKey={(key, row, element) => {
          if (peek.onKey(key)) return true;
          if (key !== "Delete" && key !== "Backspace") return copyByKey(key, row);
          // With a selection the key is about that.
          if (row.goneAt !== undefined || selection.state !== "none") return false;
          onDelete(row, element);
          return true;
        }}
        state={isWaiting ? "loading" : isAnswer ? "ready" : "stale"}
        footer={<Footer view={view} sort={list.sort} isWhole={all.isWhole} />}
      />
      {peek.row && <BlobPeek row={peek.row} onClose={peek.close} />}
      {doomed && (
        <ConfirmDelete doomed={doomed} onClose={() => setDoomed(undefined)} onDeleted={() => forget(doomed)} />
      )}
    </div>
  );
}

/** What was deleted by itself is no longer chosen. */
function forget({ blob }: Doomed): void {
  const chosen = chosenStore.get();
  if (chosen.kind === "all") return;
  const blobs = new Map(chosen.blobs);
  if (blobs.delete(blobKey(blob))) chosenStore.set({ kind: "some", blobs });
}

function copyByKey(key: string, { row }: BlobRow): boolean {
  const socket = serverStore.get().facts?.sockets[0];
  if (key === "c") void copyText(row.info.digest, "digest");
  else if (key === "C" && socket)
    void copyText(ctrGet({ socket, namespace: row.namespace }, row.info.digest), "ctr line");
  else return false;
  return true;
}

const newAtOf = ({ newAt }: BlobRow) => newAt;
const hrefOf = ({ row, goneAt }: BlobRow) => (goneAt === undefined ? blobHref(row) : undefined);

function marksOf({ newAt, goneAt }: BlobRow) {
  const isGone = goneAt !== undefined;
  return { isNew: !isGone && newAt !== undefined && serverNow() - newAt < newRowMs, isGone, isStruck: isGone };
}
