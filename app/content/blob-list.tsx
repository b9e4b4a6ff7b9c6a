"use client";
import { lazy, Suspense, useMemo, useState } from "react";
import { isDigest } from "../../content/digest.ts";
import type { BlobRow } from "../_live/blobs.ts";
import { serverNow } from "../_live/clock.ts";
import { newRowMs } from "../_live/held-set.ts";
import { blobKey } from "../_live/keys.ts";
import { contentOf } from "../_live/live.ts";
import { socketHere } from "../_live/socket.ts";
import { ctrGet } from "../_ui/commands.ts";
import { copyText } from "../_ui/copy-button.tsx";
import { download } from "../_ui/download.ts";
import type { RowMarks } from "../_ui/list/column.ts";
import { List } from "../_ui/list/list.tsx";
import type { ListProps } from "../_ui/list/list-props.ts";
import { useChosen } from "../_ui/list/use-chosen.ts";
import type { ColumnChoice } from "../_ui/list/use-columns.ts";
import { usePeek } from "../_ui/list/use-peek.ts";
import { unlessLocked } from "../_ui/lock.ts";
import { patiently } from "../_ui/popups/patiently.ts";
import { Footer } from "./answer.tsx";
import { blobChoice } from "./chosen-blobs.ts";
import { blobHref, leastWidthOf } from "./columns.tsx";
import type { Doomed } from "./confirm-delete.tsx";
import styles from "./content.module.css";
import type { FoundRow } from "./find-sent-row.ts";
import type { RowMenuAt } from "./row-menu.tsx";
import { RowMenu } from "./row-menu.tsx";
import type { useContent } from "./use-content.ts";

const BlobPeek = lazy(patiently(async () => ({ default: (await import("./blob-peek.tsx")).BlobPeek })));

interface BlobListProps extends Pick<ListProps<BlobRow>, "empty" | "onPlace"> {
  readonly content: ReturnType<typeof useContent>;
  readonly columns: ColumnChoice<BlobRow>;
  /** The row of the link that led here; absent: it named none, or it is not known where that is. */
  readonly sentRow: FoundRow | undefined;
  readonly onDelete: (doomed: Doomed) => void;
}

/** The blobs, and the panel of one beside them. */
export function BlobList({ content, columns, sentRow, onDelete, ...list }: BlobListProps) {
  const { query, view, all, sort, onSort, identity, text, setQuery } = content;
  const [menu, setMenu] = useState<RowMenuAt>();
  const selection = useChosen(blobChoice, query, all.rows, all.isWhole);
  const peek = usePeek(all.rows, loadBlob);
  const sentKey = sentRow && blobKey(sentRow.blob);
  const openAt = useMemo(() => sentRow && { key: blobKey(sentRow.blob), index: sentRow.index }, [sentRow]);
  const isAnswer = view.query === query && !view.error;
  const isWaiting = view.rows.length === 0 && (!view.isComplete || view.isPending) && !view.error;

  function onRowKey(key: string, row: BlobRow, element: HTMLElement): boolean {
    if (peek.onKey(key) || copyByKey(key, row)) return true;
    const kind = menuKeys[key];
    if (row.goneAt !== undefined) return false;
    if (key === "d") download(row.row.namespace, row.row.info.digest);
    else if (kind !== undefined) setMenu({ kind, blob: row.row, element });
    // With a selection the key is about that.
    else if (!isDeleteKey(key) || selection.state !== "none") return false;
    else unlessLocked("change", () => onDelete({ blob: row.row, element }));
    return true;
  }

  return (
    <div className={styles.beside}>
      <List
        {...list}
        {...{ sort, onSort, identity, selection, openAt, onRowKey, newAtOf, hrefOf }}
        label="Blobs"
        rows={all.rows}
        columns={columns.shown}
        columnChoice={columns}
        leastWidth={leastWidthOf(columns.shown)}
        card={styles.card}
        marksOf={(row) => marksOf(row, sentKey)}
        onSight={all.onSight}
        onPeek={peek.open}
        onCursorRow={peek.follow}
        peekedKey={peek.key}
        state={isWaiting ? "loading" : isAnswer ? "ready" : "stale"}
        isCounting={view.totals === undefined}
        footer={<Footer view={view} sort={sort} isWhole={all.isWhole} />}
      />
      {peek.row && (
        <Suspense fallback={null}>
          <BlobPeek row={peek.row} onClose={peek.close} />
        </Suspense>
      )}
      {menu && (
        <RowMenu
          at={menu}
          query={text}
          onQuery={setQuery}
          onDelete={() => onDelete(menu)}
          onClose={() => setMenu(undefined)}
        />
      )}
    </div>
  );
}

const menuKeys: Readonly<Record<string, RowMenuAt["kind"]>> = { ".": "acts", f: "filter", F: "exclude" };

const isDeleteKey = (key: string) => key === "Delete" || key === "Backspace";

function copyByKey(key: string, { row }: BlobRow): boolean {
  const socket = socketHere();
  if (key === "c") void copyText(row.info.digest, "digest");
  else if (key === "C" && socket)
    void copyText(ctrGet({ socket, namespace: row.namespace }, row.info.digest), "ctr line");
  else return false;
  return true;
}

const newAtOf = ({ newAt }: BlobRow) => newAt;
const hrefOf = ({ row, goneAt }: BlobRow) => (goneAt === undefined ? blobHref(row) : undefined);

function marksOf({ key, newAt, goneAt }: BlobRow, sentKey: string | undefined): RowMarks {
  const isGone = goneAt !== undefined;
  const isNew = !isGone && newAt !== undefined && serverNow() - newAt < newRowMs;
  return { isNew, isGone, isStruck: isGone, isSent: key === sentKey };
}

/** A blob by the key of its row; absent: there is none. */
async function loadBlob(key: string): Promise<BlobRow | undefined> {
  const [namespace = "", digest = ""] = key.split(" ");
  if (!isDigest(digest)) return undefined;
  const info = await contentOf(namespace).info(digest);
  return { key, row: { namespace, info } };
}
