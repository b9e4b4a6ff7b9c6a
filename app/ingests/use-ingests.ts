"use client";
import { parseAsString, throttle, useQueryState } from "nuqs";
import { useCallback, useMemo } from "react";
import { serverNow } from "../_live/clock.ts";
import { useStore } from "../_live/hooks.ts";
import { liveIngests } from "../_live/live.ts";
import { serverStore } from "../_live/server.ts";
import { usePatterns } from "../_query/patterns.ts";
import { namespacesOf, useScope } from "../_shell/scope.ts";
import { nextSort, sortFromText, sortToText } from "../_ui/list/column.ts";
import { ingestQueryOf, matchingOf } from "./ingest-query.ts";
import { sortable, troubleFirst } from "./line.ts";
import { suggestIngests } from "./suggest.ts";

const typed = parseAsString.withDefault("").withOptions({ history: "replace", limitUrlUpdates: throttle(120) });
const chosen = parseAsString.withDefault("").withOptions({ history: "push" });

/** Columns that are read from their start up. */
const ascendingFirst: ReadonlySet<string> = new Set(["ref", "ns", "eta", "holder", "expected"]);

/** What the address asks of the ingests, and what of them that is, as they change. */
export function useIngests() {
  const { names } = useScope();
  const view = useStore(liveIngests);
  const [text, setText] = useQueryState("q", typed);
  usePatterns(text);
  const [sortText, setSortText] = useQueryState("sort", chosen);
  const sort = useMemo(() => readSort(sortText), [sortText]);
  const query = useMemo(() => ingestQueryOf(text, namespacesOf(names)), [text, names]);
  const matching = useMemo(() => matchingOf(view, query, serverNow()), [view, query]);
  const setQuery = useCallback((next: string) => void setText(next === "" ? null : next), [setText]);
  const { namespaces } = useStore(serverStore);
  const suggest = useCallback(
    (typedText: string, cursor: number) => {
      const ingests = liveIngests.get().rows.map(({ row }) => row);
      return suggestIngests(typedText, cursor, { namespaces, ingests });
    },
    [namespaces],
  );
  return {
    names,
    view,
    text,
    query,
    matching,
    setQuery,
    suggest,
    sort,
    /** Nobody chose an order. */
    isSortedAtFirst: sortText === "",
    onSort: (id: string, keepsFirst: boolean) =>
      void setSortText(sortToText(nextSort(sort, id, !ascendingFirst.has(id), keepsFirst))),
    /** The same text while it is the same list. */
    identity: `${names.join(",")} ${sortText} ${text}`,
    /** Nothing is written, and nothing ended since the page was opened. */
    isEmpty: view.isComplete && view.rows.length === 0 && view.ended.length === 0 && text === "",
  };
}

/** What useIngests tells. */
export type Ingests = ReturnType<typeof useIngests>;

function readSort(text: string) {
  const sort = sortFromText(text, sortable);
  return sort.length > 0 ? sort : [troubleFirst];
}
