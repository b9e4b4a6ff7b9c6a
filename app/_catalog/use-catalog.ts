"use client";
import { parseAsString, throttle, useQueryState } from "nuqs";
import { useCallback, useEffect, useMemo } from "react";
import type { CatalogSet } from "../_live/catalog-events.ts";
import { serverNow } from "../_live/clock.ts";
import { useServerNow, useStore } from "../_live/hooks.ts";
import { serverStore } from "../_live/server.ts";
import { usePatterns } from "../_query/patterns.ts";
import { namespacesOf, useScope } from "../_shell/scope.ts";
import { nextSort, sortFromText, sortToText } from "../_ui/list/column.ts";
import { catalogQueryOf } from "./catalog-query.ts";
import type { CatalogKind, Held } from "./kind.ts";
import { suggestNamed } from "./suggest.ts";

const typed = parseAsString.withDefault("").withOptions({ history: "replace", limitUrlUpdates: throttle(120) });
const chosen = parseAsString.withDefault("").withOptions({ history: "push" });

/** What is not young any more changes its age so often, in milliseconds. */
const agesMs = 15_000;

const everything: readonly string[] = ["*"];

/** What the address asks of a set of the catalog, and what of it that is, as it changes. */
export function useCatalog<Set extends CatalogSet>(kind: CatalogKind<Set>) {
  const { live, set, namedOf, isOfAll = false } = kind;
  const { names } = useScope();
  const namespaces = useMemo(() => (isOfAll ? everything : namespacesOf(names)), [isOfAll, names]);
  useEffect(() => live.show(namespaces), [live, namespaces]);
  const view = useStore(live);
  const [text, setText] = useQueryState("q", typed);
  const [sortText, setSortText] = useQueryState("sort", chosen);
  usePatterns(text);
  const sort = useMemo(() => {
    const asked = sortFromText(sortText, kind.sortable);
    return asked.length > 0 ? asked : [kind.firstSort];
  }, [sortText, kind]);
  const query = useMemo(() => catalogQueryOf(text, set, namespacesOf(names)), [text, set, names]);
  const nowMs = useServerNow(agesMs);
  const inScope = useMemo(
    () => view.rows.filter(({ row }) => !isOfAll || isIn(names, namedOf(row, 0).namespace)),
    [view.rows, isOfAll, names, namedOf],
  );
  const matching = useMemo(() => {
    const now = Math.max(nowMs, serverNow());
    const meets = query.testAt(now);
    return query.parsed === undefined ? inScope : inScope.filter(({ row }) => meets(namedOf(row, now)));
  }, [inScope, query, nowMs, namedOf]);
  const setQuery = useCallback((next: string) => void setText(next === "" ? null : next), [setText]);
  return {
    kind,
    names,
    view,
    text,
    query,
    /** All of the chosen namespaces. */
    rows: inScope as readonly Held<Set>[],
    /** Those that the query asks for. */
    matching: matching as readonly Held<Set>[],
    setQuery,
    suggest: useSuggest(kind),
    sort,
    /** Nobody chose an order. */
    isSortedAtFirst: sortText === "",
    onSort: (id: string, keepsFirst: boolean) =>
      void setSortText(sortToText(nextSort(sort, id, !kind.ascendingFirst.has(id), keepsFirst))),
    /** The same text while it is the same list. */
    identity: `${names.join(",")} ${sortText} ${text}`,
    isEmpty: view.isComplete && view.rows.length === 0 && text === "",
  };
}

/** What useCatalog tells. */
export type Catalog<Set extends CatalogSet> = ReturnType<typeof useCatalog<Set>>;

function isIn(names: readonly string[], namespace: string): boolean {
  return names.length === 0 || names.includes(namespace);
}

function useSuggest<Set extends CatalogSet>({ live, set, namedOf, states }: CatalogKind<Set>) {
  const { namespaces } = useStore(serverStore);
  return useCallback(
    (text: string, cursor: number) => {
      const rows = live.get().rows.map(({ row }) => namedOf(row, serverNow()));
      return suggestNamed(text, cursor, set, { namespaces, rows, states });
    },
    [live, set, namedOf, states, namespaces],
  );
}
