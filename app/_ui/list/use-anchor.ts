"use client";
import { useCallback, useLayoutEffect, useRef, useState } from "react";
import { createAnchor } from "./anchor.ts";
import type { RowSource } from "./row-source.ts";
import type { Scroll } from "./use-scroll.ts";

interface AnchorOptions<Row> {
  readonly rows: RowSource<Row>;
  readonly scroll: Scroll;
  readonly rowHeight: number;
  /** Another text: another list, which begins at its top. */
  readonly identity: string;
  /** When a row came; absent: it was there. */
  readonly newAtOf: ((row: Row) => number | undefined) | undefined;
}

/** What is above the rows in sight. */
export interface AboveSight {
  /** Rows that came above since the list was last at its top. */
  readonly newAbove: number;
  readonly onScroll: () => void;
  readonly toTop: () => void;
}

/** Keeps the row that is read at its pixel when rows come or go above it. */
export function useAnchor<Row>({ rows, scroll, rowHeight, identity, newAtOf }: AnchorOptions<Row>): AboveSight {
  const [anchor] = useState(createAnchor);
  const topAt = useRef(0);
  const [firstVisible, setFirstVisible] = useState(0);
  const { top, setTop } = scroll;

  const look = useCallback(() => {
    if (top() === 0) topAt.current = Date.now();
    setFirstVisible(Math.floor(top() / rowHeight));
  }, [top, rowHeight]);

  const onScroll = useCallback(() => {
    anchor.scrolled({ rows, scroll: { top, setTop }, rowHeight });
    look();
  }, [anchor, rows, top, setTop, rowHeight, look]);

  useLayoutEffect(() => {
    anchor.moved({ rows, scroll: { top, setTop }, rowHeight });
    look();
  }, [anchor, rows, top, setTop, rowHeight, look]);

  const toTop = useCallback(() => setTop(0), [setTop]);

  const shown = useRef(identity);
  useLayoutEffect(() => {
    if (identity === shown.current) return;
    shown.current = identity;
    anchor.release();
    toTop();
  }, [anchor, identity, toTop]);

  return { newAbove: countNew(rows, Math.min(firstVisible, newRows), topAt.current, newAtOf), onScroll, toTop };
}

/** Rows further down are never known to be new. */
const newRows = 1000;

function countNew<Row>(
  rows: RowSource<Row>,
  before: number,
  sinceMs: number,
  newAtOf: AnchorOptions<Row>["newAtOf"],
): number {
  let count = 0;
  if (newAtOf === undefined) return count;
  for (let index = 0; index < before; index += 1) {
    const row = rows.at(index);
    if (row !== undefined && (newAtOf(row) ?? 0) > sinceMs) count += 1;
  }
  return count;
}
