"use client";
import { useMemo, useRef } from "react";
import { storeHere } from "../../_live/here.ts";
import { useStore } from "../../_live/hooks.ts";
import type { WritableStore } from "../../_live/store.ts";
import { useKeyHint } from "../shortcuts.ts";
import type { AskedRows, Chosen } from "./chosen.ts";
import { extend, isChosen, nothing, only, toggle } from "./chosen.ts";
import type { ListSelection } from "./list-selection.ts";
import type { RowSource } from "./row-source.ts";

/** What rows are as a choice. Its functions stay the same ones. */
export interface ChoiceKind<Row, Item, Query extends AskedRows> {
  /** What is chosen; it stays while pages, queries and orders change. */
  readonly store: WritableStore<Chosen<Item, Query>>;
  readonly keyOf: (item: Item) => string;
  /** What a row is; absent for one that is never chosen, such as a heading. */
  readonly itemOf: (row: Row) => Item | undefined;
  /** It can be given up, and not be chosen anew. */
  readonly isGone: (row: Row) => boolean;
  /** The items at places of a query, `end` excluded, where not all of them are here. */
  readonly collectRange?: (query: Query, first: number, end: number) => Promise<readonly Item[]>;
}

/** Rows between two that are chosen at once, at most, where not all of them are here. */
const mostOfRange = 100_000;

/** What chooses the rows of a query. @param isWhole every row can be reached */
export function useChosen<Row, Item, Query extends AskedRows>(
  kind: ChoiceKind<Row, Item, Query>,
  query: Query,
  rows: RowSource<Row>,
  isWhole: boolean,
): ListSelection<Row> {
  const { store, keyOf, itemOf, isGone } = kind;
  const chosen = useStore(store);
  const last = useRef<string>(undefined);
  useKeyHint("x", "Select", "Rows");
  useKeyHint("X", "Select to here", "Rows");
  useKeyHint("Ctrl A", "Select all that match", "Rows");
  return useMemo((): ListSelection<Row> => {
    const isSelected = (row: Row) => {
      const item = itemOf(row);
      return item !== undefined && isChosen(chosen, keyOf(item), query);
    };
    return {
      isSelected,
      canSelect: (row) => itemOf(row) !== undefined && !isGone(row),
      toggle(index) {
        const row = rows.at(index);
        const item = row === undefined ? undefined : itemOf(row);
        if (row === undefined || item === undefined || (isGone(row) && !isSelected(row))) return;
        const key = keyOf(item);
        last.current = key;
        const base = chosen.kind === "all" && !isSelected(row) && !chosen.except.has(key) ? nothing : chosen;
        store.set(toggle(base, key, item));
      },
      extend(index) {
        const from = last.current === undefined ? index : rows.indexOf(last.current);
        void addRange(kind, query, rows, from < 0 ? index : from, index);
        last.current = rows.keyAt(index) ?? last.current;
      },
      all() {
        const isQuery = isWhole && rows.count > 0;
        store.set(isQuery ? { kind: "all", query, except: new Map() } : only(entriesHere(kind, rows, 0, rows.count)));
      },
      clear: () => store.set(nothing),
      state: stateOf(chosen),
    };
  }, [kind, store, keyOf, itemOf, isGone, chosen, query, rows, isWhole]);
}

function stateOf<Item, Query extends AskedRows>(chosen: Chosen<Item, Query>): ListSelection<never>["state"] {
  if (chosen.kind === "all") return chosen.except.size === 0 ? "all" : "some";
  return chosen.items.size === 0 ? "none" : "some";
}

async function addRange<Row, Item, Query extends AskedRows>(
  kind: ChoiceKind<Row, Item, Query>,
  query: Query,
  rows: RowSource<Row>,
  from: number,
  to: number,
): Promise<void> {
  const { store, keyOf, collectRange } = kind;
  const asked = storeHere();
  const [first, end] = [Math.min(from, to), Math.min(Math.max(from, to) + 1, Math.min(from, to) + mostOfRange)];
  const isHere = collectRange === undefined || !indexes(first, end).some((index) => rows.at(index) === undefined);
  const more = isHere
    ? entriesHere(kind, rows, first, end)
    : (await collectRange(query, first, end)).map((item) => [keyOf(item), item] as const);
  if (asked === storeHere()) store.set(extend(store.get(), more));
}

function entriesHere<Row, Item, Query extends AskedRows>(
  { keyOf, itemOf, isGone }: ChoiceKind<Row, Item, Query>,
  rows: RowSource<Row>,
  first: number,
  end: number,
): readonly (readonly [string, Item])[] {
  return indexes(first, end).flatMap((index) => {
    const row = rows.at(index);
    const item = row === undefined || isGone(row) ? undefined : itemOf(row);
    return item === undefined ? [] : [[keyOf(item), item] as const];
  });
}

function indexes(first: number, end: number): readonly number[] {
  return Array.from({ length: end - first }, (_, offset) => first + offset);
}
