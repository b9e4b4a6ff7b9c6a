"use client";
import { useEffect, useMemo, useRef } from "react";
import type { IngestRow } from "../_live/ingests.ts";
import type { SortKey } from "../_ui/list/column.ts";
import type { Matching } from "./ingest-query.ts";
import type { Line } from "./line.ts";
import { inHeldOrder, linesOf, sortIngests } from "./line.ts";

/** Rows are put in order anew so often at most, in milliseconds. */
const orderEveryMs = 2_000;

/**
 * The lines of the page in an order that does not move while somebody points at it.
 *
 * @param isHeld true: nothing moves; what is new comes last
 */
export function useLines(
  matching: Matching,
  sort: readonly SortKey[],
  isHeld: boolean,
  asked: ReadonlySet<string>,
): readonly Line[] {
  const order = useRef<{ readonly keys: readonly string[]; readonly at: number; readonly sort: readonly SortKey[] }>({
    keys: [],
    at: 0,
    sort,
  });
  const rows = useMemo((): readonly IngestRow[] => {
    const last = order.current;
    const isSame = last.sort === sort && last.keys.length > 0;
    if (isSame && (isHeld || Date.now() - last.at < orderEveryMs)) return inHeldOrder(matching.rows, last.keys);
    return sortIngests(matching.rows, sort);
  }, [matching, sort, isHeld]);

  useEffect(() => {
    const keys = rows.map(({ key }) => key);
    const last = order.current;
    const isMoved = keys.length !== last.keys.length || keys.some((key, index) => key !== last.keys[index]);
    const isSorted = last.sort !== sort || Date.now() - last.at >= orderEveryMs;
    if (isMoved || isSorted) order.current = { keys, at: Date.now(), sort };
  }, [rows, sort]);

  return useMemo(() => linesOf(rows, matching, asked), [rows, matching, asked]);
}
