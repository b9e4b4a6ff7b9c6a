"use client";
import { useMemo } from "react";
import type { AskedRows } from "./chosen.ts";
import type { ListSelection } from "./list-selection.ts";
import type { RowSource } from "./row-source.ts";
import { type ChoiceKind, useChosen } from "./use-chosen.ts";

/** What chooses rows that are all here: all that match are then those, each by its key. */
export function useChosenOfAll<Row, Item, Query extends AskedRows>(
  kind: ChoiceKind<Row, Item, Query>,
  query: Query,
  rows: RowSource<Row>,
): ListSelection<Row> {
  const selection = useChosen(kind, query, rows, false);
  return useMemo(() => ({ ...selection, state: areAll(rows, selection) ? "all" : selection.state }), [selection, rows]);
}

function areAll<Row>(rows: RowSource<Row>, { state, canSelect, isSelected }: ListSelection<Row>): boolean {
  if (state === "none") return false;
  let chosen = 0;
  for (let index = 0; index < rows.count; index += 1) {
    const row = rows.at(index);
    if (row === undefined || !canSelect(row)) continue;
    if (!isSelected(row)) return false;
    chosen += 1;
  }
  return chosen > 0;
}
