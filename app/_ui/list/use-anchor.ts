"use client";
import type { RefObject } from "react";
import { useCallback, useLayoutEffect, useRef, useState } from "react";

interface AnchorOptions {
  readonly keys: readonly string[];
  readonly grid: RefObject<HTMLElement | null>;
  readonly rowHeight: number;
  /** Another text: another list, which begins at its top. */
  readonly identity: string;
  /** When a row came; absent: it was there. */
  readonly newAt: (index: number) => number | undefined;
}

/** What is above the rows in sight. */
export interface Anchor {
  /** Rows that came above since the list was last at its top. */
  readonly newAbove: number;
  readonly onScroll: () => void;
  readonly toTop: () => void;
}

/** Keeps the row that is read at its pixel when rows come or go above it. */
export function useAnchor({ keys, grid, rowHeight, identity, newAt }: AnchorOptions): Anchor {
  const anchor = useRef<{ readonly key: string; readonly offset: number }>(undefined);
  const topAt = useRef(0);
  const [firstVisible, setFirstVisible] = useState(0);

  const onScroll = useCallback(() => {
    const top = grid.current?.scrollTop ?? 0;
    const first = Math.floor(top / rowHeight);
    const key = keys[first];
    anchor.current = top === 0 || key === undefined ? undefined : { key, offset: top % rowHeight };
    if (top === 0) topAt.current = Date.now();
    setFirstVisible(first);
  }, [grid, keys, rowHeight]);

  useLayoutEffect(() => {
    const element = grid.current;
    const held = anchor.current;
    if (element === null || held === undefined) return;
    const index = keys.indexOf(held.key);
    if (index < 0) return;
    const top = index * rowHeight + held.offset;
    if (Math.abs(element.scrollTop - top) >= 1) element.scrollTop = top;
  }, [grid, keys, rowHeight]);

  const toTop = useCallback(() => grid.current?.scrollTo({ top: 0 }), [grid]);

  // biome's exhaustive dependencies cannot know that another identity is the cause.
  useLayoutEffect(() => {
    if (identity === "") return;
    anchor.current = undefined;
    toTop();
  }, [identity, toTop]);

  const newAbove = countNew(firstVisible, topAt.current, newAt);
  return { newAbove, onScroll, toTop };
}

function countNew(before: number, sinceMs: number, newAt: AnchorOptions["newAt"]): number {
  let count = 0;
  for (let index = 0; index < before; index += 1) if ((newAt(index) ?? 0) > sinceMs) count += 1;
  return count;
}
