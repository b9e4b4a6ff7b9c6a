"use client";
import { parseAsString, throttle, useQueryState } from "nuqs";
import { useCallback, useMemo, useState } from "react";
import { ContentError } from "../../content/errors.ts";
import type { BlobQuery } from "../_live/blobs.ts";
import { streamsStore } from "../_live/connection.ts";
import { useLiveBlobs, useStore } from "../_live/hooks.ts";
import { liveBlobs } from "../_live/live.ts";
import { serverStore } from "../_live/server.ts";
import { namespacesOf, useScope } from "../_shell/scope.ts";
import type { SortKey } from "../_ui/list/column.ts";
import { nextSort, sortFromText, sortToText } from "../_ui/list/column.ts";
import { PageHead } from "../_ui/page-head.tsx";
import { useKeyHint, useShortcut } from "../_ui/shortcuts.ts";
import { ErrorState } from "../_ui/states.tsx";
import { Answer } from "./answer.tsx";
import { BlobList } from "./blob-list.tsx";
import { descendingFirst, orderFields } from "./columns.tsx";
import { FirstRun } from "./first-run.tsx";
import { NoMatch } from "./no-match.tsx";
import { type Asked, askedOf } from "./query.ts";
import { QueryBar } from "./query-bar.tsx";
import { SelectionBar } from "./selection-bar.tsx";
import { useBlobRows } from "./use-blob-rows.ts";

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
  const asked = useAsked(text);
  const query = useBlobQuery(names, asked, sort, tries);
  const view = useLiveBlobs(liveBlobs, query);
  const all = useBlobRows(query, view);
  const setQuery = useCallback((next: string) => void setText(next === "" ? null : next), [setText]);
  const retry = useCallback(() => setTries((count) => count + 1), []);
  const known = useKnownValues(view.rows);
  useShortcut("r", "Try again", "Everywhere", retry);
  useBlobKeyHints();

  const isEmptyStore = view.isComplete && view.rows.length === 0 && text === "" && view.totals?.wholeCount === 0;
  const hasRows = view.rows.length > 0;
  return (
    <>
      <PageHead
        title="Content"
        name="Content"
        answer={<Answer view={view} hasQuery={text !== ""} isWhole={all.isWhole} />}
      />
      {isEmptyStore ? (
        <FirstRun names={names} />
      ) : (
        <QueryBar query={text} onQuery={setQuery} unsaid={asked.unsaid} hasRows={hasRows} known={known} />
      )}
      {!isEmptyStore && view.error && !hasRows && <ErrorState error={view.error} onRetry={retry} />}
      {!isEmptyStore && (!view.error || hasRows) && (
        <BlobList
          view={view}
          query={query}
          all={all}
          hasNamespaces={names.length !== 1}
          sort={sort}
          identity={`${names.join(",")} ${sortText} ${text}`}
          onSort={(id, keepsFirst) =>
            void setSortText(sortToText(nextSort(sort, id, descendingFirst.has(id), keepsFirst)))
          }
          empty={<NoMatch query={text} onClear={() => setQuery("")} />}
        />
      )}
      <SelectionBar query={query} view={view} onOutside={setQuery} />
    </>
  );
}

function useBlobKeyHints(): void {
  useKeyHint("c", "Copy digest", "Acts");
  useKeyHint("C", "Copy ctr line", "Acts");
  useKeyHint("x", "Select", "Rows");
  useKeyHint("X", "Select to here", "Rows");
  useKeyHint("Ctrl A", "Select all that match", "Rows");
}

function readSort(text: string): readonly SortKey[] {
  const sort = sortFromText(text, Object.keys(orderFields));
  return sort.length > 0 ? sort : [{ id: "created", isDescending: true }];
}

/** What the query asks of this server. An address can hold a text that is none: then everything is asked for. */
function useAsked(text: string): Asked {
  const isPolled = useStore(streamsStore).some(({ source }) => source === "polled");
  return useMemo(() => {
    try {
      return askedOf(text, !isPolled);
    } catch (error) {
      if (error instanceof ContentError) return { selection: {}, unsaid: [] };
      throw error;
    }
  }, [text, isPolled]);
}

/** The same object for the same question: another object is asked anew. */
function useBlobQuery(names: readonly string[], asked: Asked, sort: readonly SortKey[], tries: number): BlobQuery {
  return useMemo(
    () => ({
      selection: { ...asked.selection, namespaces: namespacesOf(names) },
      orderBy: sort.map(({ id, isDescending }) => `${orderFields[id]}${isDescending ? " desc" : ""}`).join(", "),
      limit: windowRows,
      tries,
    }),
    [names, asked, sort, tries],
  );
}

function useKnownValues(rows: Parameters<typeof labelsOf>[0]) {
  const { namespaces } = useStore(serverStore);
  return useMemo(() => ({ namespaces, labels: labelsOf(rows) }), [namespaces, rows]);
}

function labelsOf(rows: ReturnType<typeof liveBlobs.get>["rows"]) {
  return rows.map(({ row }) => row.info.labels);
}
