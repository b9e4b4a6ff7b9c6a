"use client";
import { parseAsString, useQueryState } from "nuqs";
import { useCallback, useMemo, useState } from "react";
import type { Column } from "./column.ts";
import type { ColumnSettings } from "./column-settings.ts";
import {
  applySettings,
  fromSharedColumns,
  moveColumn,
  orderedColumns,
  parseSettings,
  resizeColumn,
  toggleColumn,
  toSharedColumns,
} from "./column-settings.ts";

/** The columns of a list as a person wants them, and what changes that. */
export interface ColumnChoice<Row> {
  readonly shown: readonly Column<Row>[];
  /** All of them in their order, hidden ones too. */
  readonly ordered: readonly Column<Row>[];
  /** @param id of a column that is not fixed */
  readonly toggle: (id: string) => void;
  /** @param by places; negative: to the left */
  readonly move: (id: string, by: number) => void;
  /** @param width in pixels */
  readonly resize: (id: string, width: number) => void;
  /** As the list has them. */
  readonly reset: () => void;
  /** For the address parameter `cols` of a link; absent: they are as the list has them. */
  readonly shared: string | undefined;
}

/**
 * Keeps the columns of a list for this browser. A link's columns are shown until somebody changes them here.
 *
 * @param list names it
 * @param all the columns that there are; the same object while they are the same
 */
export function useColumns<Row>(list: string, all: readonly Column<Row>[]): ColumnChoice<Row> {
  const name = `stowage-columns-${list}`;
  const [sent, setSent] = useQueryState("cols", parseAsString);
  const [kept, setKept] = useState(() =>
    parseSettings(typeof window === "undefined" ? null : localStorage.getItem(name)),
  );
  const settings = useMemo(() => (sent === null ? kept : fromSharedColumns(all, sent)), [all, sent, kept]);

  const change = useCallback(
    (next: ColumnSettings | undefined) => {
      if (next === undefined) localStorage.removeItem(name);
      else localStorage.setItem(name, JSON.stringify(next));
      setKept(next ?? parseSettings(null));
      void setSent(null);
    },
    [name, setSent],
  );
  return useMemo(
    () => ({
      shown: applySettings(all, settings),
      ordered: orderedColumns(all, settings),
      toggle: (id) => change(toggleColumn(settings, id)),
      move: (id, by) => change(moveColumn(all, settings, id, by)),
      resize: (id, width) => change(resizeColumn(settings, id, width)),
      reset: () => change(undefined),
      shared: toSharedColumns(all, settings),
    }),
    [all, settings, change],
  );
}
