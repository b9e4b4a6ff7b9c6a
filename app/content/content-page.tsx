"use client";
import { parseAsString, throttle, useQueryState } from "nuqs";
import { useCallback, useMemo, useState } from "react";
import { isKind } from "../../content/errors.ts";
import type { BlobQuery, BlobRow, BlobsView } from "../_live/blobs.ts";
import { serverNow } from "../_live/clock.ts";
import { newRowMs } from "../_live/held-set.ts";
import { useLiveBlobs } from "../_live/hooks.ts";
import { liveBlobs } from "../_live/live.ts";
import { serverStore } from "../_live/server.ts";
import { namespacesOf, useScope } from "../_shell/scope.ts";
import { ctrGet } from "../_ui/commands.ts";
import { copyText } from "../_ui/copy-button.tsx";
import type { SortKey } from "../_ui/list/column.ts";
import { nextSort, sortFromText, sortToText } from "../_ui/list/column.ts";
import { List, type ListProps } from "../_ui/list/list.tsx";
import { PageHead } from "../_ui/page-head.tsx";
import { useKeyHint, useShortcut } from "../_ui/shortcuts.ts";
import { ErrorState } from "../_ui/states.tsx";
import { Answer, Footer } from "./answer.tsx";
import { blobColumns, blobHref, descendingFirst, orderFields } from "./columns.tsx";
import type { Doomed } from "./confirm-delete.tsx";
import { ConfirmDelete } from "./confirm-delete.tsx";
import styles from "./content.module.css";
import { FirstRun } from "./first-run.tsx";
import { NoMatch } from "./no-match.tsx";
import { faultOf, readQuery } from "./query.ts";
import { QueryBar } from "./query-bar.tsx";

/** Rows of the live window: the most that the server keeps up to date. */
const windowRows = 1000;

const typed = parseAsString.withDefault("").withOptions({ history: "replace", limitUrlUpdates: throttle(120) });
const chosen = parseAsString.withDefault("-created").withOptions({ history: "push" });

/** What is stored: the blobs of the chosen namespaces, newest first, as they change. */
export function ContentPage() {
  const { names } = useScope();
  const [text, setText] = useQueryState("q", typed);
  const [sortText, setSortText] = useQueryState("sort", chosen);
  const [tries, setTries] = useState(0);
  const sort = useMemo(() => readSort(sortText), [sortText]);
  const query = useBlobQuery(names, text, sort, tries);
  const view = useLiveBlobs(liveBlobs, query);
  const setQuery = useCallback((next: string) => void setText(next.trim() === "" ? null : next), [setText]);
  const retry = useCallback(() => setTries((count) => count + 1), []);
  useShortcut("r", "Try again", "Everywhere", retry);
  useKeyHint("c", "Copy digest", "Acts");
  useKeyHint("C", "Copy ctr line", "Acts");
  useKeyHint("Del", "Delete…", "Acts");

  const isEmptyStore = view.isComplete && view.rows.length === 0 && text === "" && view.totals?.wholeCount === 0;
  const fault = isKind(view.error, "invalid-argument") && text !== "" ? faultOf(view.error.message, text) : undefined;
  return (
    <>
      <PageHead title="Content" name="Content" answer={<Answer view={view} hasQuery={text !== ""} />} />
      {!isEmptyStore && <QueryBar query={text} onQuery={setQuery} fault={fault} hasRows={view.rows.length > 0} />}
      {isEmptyStore && <FirstRun names={names} />}
      {!isEmptyStore && view.error && !fault && view.rows.length === 0 && (
        <ErrorState error={view.error} onRetry={retry} />
      )}
      {!isEmptyStore && (fault || !view.error || view.rows.length > 0) && (
        <BlobList
          view={view}
          isAnswer={view.query === query}
          hasNamespaces={names.length !== 1}
          sort={sort}
          identity={`${names.join(",")} ${sortText} ${text}`}
          onSort={(id, keepsFirst) =>
            void setSortText(sortToText(nextSort(sort, id, descendingFirst.has(id), keepsFirst)))
          }
          empty={<NoMatch query={text} onClear={() => setQuery("")} />}
        />
      )}
    </>
  );
}

function readSort(text: string): readonly SortKey[] {
  const sort = sortFromText(text, Object.keys(orderFields));
  return sort.length > 0 ? sort : [{ id: "created", isDescending: true }];
}

/** The same object for the same question: another object is asked anew. */
function useBlobQuery(names: readonly string[], text: string, sort: readonly SortKey[], tries: number): BlobQuery {
  return useMemo(
    () => ({
      selection: { ...readQuery(text).selection, namespaces: namespacesOf(names) },
      orderBy: sort.map(({ id, isDescending }) => `${orderFields[id]}${isDescending ? " desc" : ""}`).join(", "),
      limit: windowRows,
      tries,
    }),
    [names, text, sort, tries],
  );
}

interface BlobListProps {
  readonly view: BlobsView;
  /** The rows answer what is asked now. */
  readonly isAnswer: boolean;
  readonly hasNamespaces: boolean;
  readonly sort: readonly SortKey[];
  readonly identity: string;
  readonly onSort: ListProps<BlobRow>["onSort"];
  readonly empty: ListProps<BlobRow>["empty"];
}

function BlobList({ view, isAnswer, hasNamespaces, ...list }: BlobListProps) {
  const [doomed, setDoomed] = useState<Doomed>();
  const onDelete = useCallback((row: BlobRow, element: HTMLElement) => setDoomed({ blob: row.row, element }), []);
  const columns = useMemo(() => blobColumns(hasNamespaces, onDelete), [hasNamespaces, onDelete]);
  const isWaiting = view.rows.length === 0 && (!view.isComplete || view.isPending) && !view.error;
  return (
    <>
      <List
        {...list}
        label="Blobs"
        rows={view.rows}
        keyOf={keyOf}
        columns={columns}
        leastWidth={hasNamespaces ? 900 : 760}
        card={styles.card}
        marksOf={marksOf}
        newAtOf={newAtOf}
        hrefOf={hrefOf}
        onRowKey={(key, row, element) => {
          if ((key !== "Delete" && key !== "Backspace") || row.goneAt !== undefined) return copyByKey(key, row);
          onDelete(row, element);
          return true;
        }}
        state={isWaiting ? "loading" : isAnswer && !view.error ? "ready" : "stale"}
        footer={<Footer view={view} sort={list.sort} />}
      />
      {doomed && <ConfirmDelete doomed={doomed} onClose={() => setDoomed(undefined)} />}
    </>
  );
}

function copyByKey(key: string, { row }: BlobRow): boolean {
  const socket = serverStore.get().facts?.sockets[0];
  if (key === "c") void copyText(row.info.digest, "digest");
  else if (key === "C" && socket)
    void copyText(ctrGet({ socket, namespace: row.namespace }, row.info.digest), "ctr line");
  else return false;
  return true;
}

const keyOf = ({ key }: BlobRow) => key;
const newAtOf = ({ newAt }: BlobRow) => newAt;
const hrefOf = ({ row, goneAt }: BlobRow) => (goneAt === undefined ? blobHref(row) : undefined);

function marksOf({ newAt, goneAt }: BlobRow) {
  const isGone = goneAt !== undefined;
  return { isNew: !isGone && newAt !== undefined && serverNow() - newAt < newRowMs, isGone, isStruck: isGone };
}
