"use client";
import { parseAsString, throttle, useQueryState } from "nuqs";
import { useCallback, useMemo, useState } from "react";
import { ContentError } from "../../content/errors.ts";
import { trading } from "../_access/one-time.ts";
import type { BlobQuery, BlobRow } from "../_live/blobs.ts";
import { streamsStore } from "../_live/connection.ts";
import { useLiveBlobs, useStore } from "../_live/hooks.ts";
import { expectSet } from "../_live/link.ts";
import { liveBlobs } from "../_live/live.ts";
import { serverStore } from "../_live/server.ts";
import { usePatterns } from "../_query/patterns.ts";
import { namesAt, namespacesOf, useScope } from "../_shell/scope.ts";
import type { SortKey } from "../_ui/list/column.ts";
import { nextSort, sortFromText, sortToText } from "../_ui/list/column.ts";
import { descendingFirst, orderFields } from "./columns.tsx";
import type { Asked } from "./query.ts";
import { askedOf } from "./query.ts";
import { suggestBlobs } from "./suggest.ts";
import { useBlobRows } from "./use-blob-rows.ts";

/** Rows of the live window: the most that the server keeps up to date. */
const windowRows = 1000;

const typed = parseAsString.withDefault("").withOptions({ history: "replace", limitUrlUpdates: throttle(120) });
const chosen = parseAsString.withDefault("-created").withOptions({ history: "push" });

/** What the address asks of the blobs, and the server's answer as it changes. */
export function useContent() {
  const { names } = useScope();
  const [text, setText] = useQueryState("q", typed);
  usePatterns(text);
  const [sortText, setSortText] = useQueryState("sort", chosen);
  const [tries, setTries] = useState(0);
  const sort = useMemo(() => readSort(sortText), [sortText]);
  const asked = useAsked(text);
  const query = useBlobQuery(names, asked, sort, tries);
  const view = useLiveBlobs(liveBlobs, query);
  const setQuery = useCallback((next: string) => void setText(next === "" ? null : next), [setText]);
  const retry = useCallback(() => setTries((count) => count + 1), []);
  const onSort = (id: string, keepsFirst: boolean) =>
    void setSortText(sortToText(nextSort(sort, id, descendingFirst.has(id), keepsFirst)));
  return {
    names,
    text,
    setQuery,
    sort,
    onSort,
    /** The same text while it is the same list. */
    identity: `${names.join(",")} ${sortText} ${text}`,
    unsaid: asked.unsaid,
    query,
    view,
    all: useBlobRows(query, view),
    suggest: useSuggest(view.rows),
    retry,
    /** Nothing is stored in the namespaces at all. */
    isEmpty: view.isComplete && view.rows.length === 0 && text === "" && view.totals?.wholeCount === 0,
  };
}

function readSort(text: string): readonly SortKey[] {
  const sort = sortFromText(text, Object.keys(orderFields));
  return sort.length > 0 ? sort : [{ id: "created", isDescending: true }];
}

/** What the query asks of this server. An address can hold a text that is none: then everything is asked for. */
function useAsked(text: string): Asked {
  const sources = useStore(streamsStore).map(({ source }) => source);
  // A server with streams may still have too few of them for this tab's blobs; it knows the language all the same.
  const isPolled = text !== "" && sources.includes("polled") && !sources.includes("stream");
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
  return useMemo(() => ({ ...questionOf(names, asked, sort), tries }), [names, asked, sort, tries]);
}

function questionOf(names: readonly string[], asked: Asked, sort: readonly SortKey[]): Omit<BlobQuery, "tries"> {
  return {
    selection: { ...asked.selection, namespaces: namespacesOf(names) },
    orderBy: sort.map(({ id, isDescending }) => `${orderFields[id]}${isDescending ? " desc" : ""}`).join(", "),
    limit: windowRows,
  };
}

/** What the page will ask for at an address; absent: that shows once it is drawn. */
function expectedAt({ pathname, search }: Location): Omit<BlobQuery, "tries"> | undefined {
  const params = new URLSearchParams(search);
  const isExpected = ["/", "/content"].includes(pathname) && !params.has("q");
  return isExpected
    ? questionOf(namesAt(params), { selection: {}, unsaid: [] }, readSort(params.get("sort") ?? ""))
    : undefined;
}

// The page is drawn a good while after its scripts came; one that first signs in asks then.
const expected = typeof window === "undefined" || trading !== undefined ? undefined : expectedAt(window.location);
if (expected !== undefined) expectSet({ of: "blobs", ...expected });

function useSuggest(rows: readonly BlobRow[]) {
  const { namespaces } = useStore(serverStore);
  return useCallback(
    (text: string, cursor: number) => {
      const labels = rows.map(({ row }) => row.info.labels);
      return suggestBlobs(text, cursor, { namespaces, labels });
    },
    [namespaces, rows],
  );
}
