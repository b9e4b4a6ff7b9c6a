"use client";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { IngestRow, IngestsView } from "../_live/ingests.ts";
import type { SortKey } from "../_ui/list/column.ts";
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
  view: IngestsView,
  sort: readonly SortKey[],
  isHeld: boolean,
  aborting: ReadonlySet<string>,
): readonly Line[] {
  const order = useRef<{ readonly keys: readonly string[]; readonly at: number; readonly sort: readonly SortKey[] }>({
    keys: [],
    at: 0,
    sort,
  });
  const rows = useMemo((): readonly IngestRow[] => {
    const last = order.current;
    const isSame = last.sort === sort && last.keys.length > 0;
    if (isSame && (isHeld || Date.now() - last.at < orderEveryMs)) return inHeldOrder(view.rows, last.keys);
    return sortIngests(view.rows, sort);
  }, [view, sort, isHeld]);

  useEffect(() => {
    const keys = rows.map(({ key }) => key);
    const last = order.current;
    const isMoved = keys.length !== last.keys.length || keys.some((key, index) => key !== last.keys[index]);
    if (isMoved) order.current = { keys, at: Date.now(), sort };
  }, [rows, sort]);

  return useMemo(() => linesOf(rows, view, aborting), [rows, view, aborting]);
}

/** The keys of ingests whose end was asked for; those that are gone are forgotten. */
export function useAborting(view: IngestsView): [ReadonlySet<string>, (key: string, isAborting: boolean) => void] {
  const [keys, setKeys] = useState<ReadonlySet<string>>(new Set());
  const alive = view.rows.filter(({ key, goneAt }) => goneAt === undefined && keys.has(key)).length;
  if (alive < keys.size) {
    setKeys(
      new Set(view.rows.filter(({ key, goneAt }) => goneAt === undefined && keys.has(key)).map(({ key }) => key)),
    );
  }
  const set = useCallback((key: string, isAborting: boolean) => {
    setKeys((before) => new Set([...before, key].filter((each) => isAborting || each !== key)));
  }, []);
  return [keys, set];
}
