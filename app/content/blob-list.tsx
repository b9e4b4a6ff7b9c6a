"use client";
import { useRouter } from "next/navigation";
import { lazy, Suspense, useMemo, useState } from "react";
import { isDigest } from "../../content/digest.ts";
import { RowMenu } from "../_catalog/later.ts";
import { isDeletion, runByKey } from "../_catalog/row-act.ts";
import type { RowMenuAt } from "../_catalog/row-menu-at.ts";
import { menuOfKey } from "../_catalog/row-menu-at.ts";
import type { BlobRow } from "../_live/blobs.ts";
import { serverNow } from "../_live/clock.ts";
import { newRowMs } from "../_live/held-set.ts";
import { blobKey } from "../_live/keys.ts";
import { contentOf } from "../_live/live.ts";
import type { RowMarks } from "../_ui/list/column.ts";
import { List } from "../_ui/list/list.tsx";
import type { ListProps } from "../_ui/list/list-props.ts";
import { useChosen } from "../_ui/list/use-chosen.ts";
import type { ColumnChoice } from "../_ui/list/use-columns.ts";
import { useColumnsBeside } from "../_ui/list/use-columns-beside.ts";
import { usePeek } from "../_ui/list/use-peek.ts";
import { patiently } from "../_ui/popups/patiently.ts";
import { Footer } from "./answer.tsx";
import { actsOfBlob } from "./blob-acts.ts";
import { blobChoice } from "./chosen-blobs.ts";
import { blobHref, toldByPanel } from "./columns.tsx";
import type { Doomed } from "./confirm-delete.tsx";
import styles from "./content.module.css";
import type { FoundRow } from "./find-sent-row.ts";
import { NoBlobMatches } from "./later.ts";
import { tokensOf } from "./row-tokens.ts";
import type { useContent } from "./use-content.ts";

const BlobPeek = lazy(patiently(async () => ({ default: (await import("./blob-peek.tsx")).BlobPeek })));

interface BlobListProps extends Pick<ListProps<BlobRow>, "onPlace"> {
  readonly content: ReturnType<typeof useContent>;
  readonly columns: ColumnChoice<BlobRow>;
  /** The row of the link that led here; absent: it named none, or it is not known where that is. */
  readonly sentRow: FoundRow | undefined;
  readonly onDelete: (doomed: Doomed) => void;
}

/** The blobs, and the panel of one beside them. */
export function BlobList({ content, columns: choice, sentRow, onDelete, onPlace }: BlobListProps) {
  const { query, view, all, sort, onSort, identity, text, setQuery } = content;
  const router = useRouter();
  const [menu, setMenu] = useState<RowMenuAt<BlobRow>>();
  const selection = useChosen(blobChoice, query, all.rows, all.isWhole);
  const peek = usePeek(all.rows, loadBlob);
  const columns = useColumnsBeside(choice, toldByPanel, peek.row !== undefined);
  const sentKey = sentRow && blobKey(sentRow.blob);
  const openAt = useMemo(() => sentRow && { key: blobKey(sentRow.blob), index: sentRow.index }, [sentRow]);
  const isAnswer = view.query === query && !view.error;
  const isWaiting = view.rows.length === 0 && (!view.isComplete || view.isPending) && !view.error;

  const actsOf = (row: BlobRow, element: HTMLElement) =>
    actsOfBlob(
      row,
      (href) => router.push(href),
      () => onDelete({ blob: row.row, element }),
    );

  function onRowKey(key: string, row: BlobRow, element: HTMLElement): boolean {
    if (peek.onKey(key)) return true;
    const kind = menuOfKey(key);
    // With a selection the key is about that.
    if (isDeletion(key) && selection.state !== "none") return false;
    if (kind === undefined) return runByKey(actsOf(row, element), key);
    setMenu({ kind, row, element });
    return true;
  }

  return (
    <div className={styles.beside}>
      <List
        {...{ columns, sort, onSort, identity, selection, openAt, onRowKey, onPlace, newAtOf, hrefOf }}
        label="Blobs"
        rows={all.rows}
        columnChoice={choice}
        card={styles.card}
        marksOf={(row) => marksOf(row, sentKey)}
        onSight={all.onSight}
        onPeek={peek.open}
        onCursorRow={peek.follow}
        peekedKey={peek.key}
        state={isWaiting ? "loading" : isAnswer ? "ready" : "stale"}
        isCounting={view.totals === undefined}
        empty={
          <Suspense fallback={null}>
            <NoBlobMatches query={text} namespaces={query.selection.namespaces ?? []} onQuery={setQuery} />
          </Suspense>
        }
        footer={<Footer view={view} sort={sort} isWhole={all.isWhole} />}
      />
      {peek.row && (
        <Suspense fallback={null}>
          <BlobPeek row={peek.row} onClose={peek.close} />
        </Suspense>
      )}
      {menu && (
        <Suspense fallback={null}>
          <RowMenu
            at={menu}
            target="blobs"
            query={text}
            onQuery={setQuery}
            acts={actsOf(menu.row, menu.element)}
            tokens={tokensOf(menu.row.row)}
            onClose={() => setMenu(undefined)}
          />
        </Suspense>
      )}
    </div>
  );
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
