"use client";
import { useMemo } from "react";
import type { Column } from "./column.ts";
import type { ColumnChoice } from "./use-columns.ts";
import { useWide } from "./use-narrow.ts";

/**
 * The columns of a list that share the page with a panel: those that the panel tells too make room for it.
 *
 * @param toldByPanel ids of columns
 * @param hasPanel there is one
 */
export function useColumnsBeside<Row>(
  { shown }: ColumnChoice<Row>,
  toldByPanel: ReadonlySet<string>,
  hasPanel: boolean,
): readonly Column<Row>[] {
  const isBeside = useWide() && hasPanel;
  return useMemo(
    () => (isBeside ? shown.filter(({ id }) => !toldByPanel.has(id)) : shown),
    [isBeside, shown, toldByPanel],
  );
}
