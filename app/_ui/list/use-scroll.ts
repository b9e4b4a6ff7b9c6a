"use client";
import type { RefObject } from "react";
import { useCallback, useLayoutEffect, useMemo, useRef, useState } from "react";
import type { Extent, ScrollPlace } from "./scroll-scale.ts";
import { barOfRows, extentOf, scrolled, tallest } from "./scroll-scale.ts";

interface ScrollOptions {
  readonly grid: RefObject<HTMLElement | null>;
  readonly count: number;
  readonly rowHeight: number;
  /** Pixels of the header, which stays in sight above the rows. */
  readonly headHeight: number;
  /** Hears what is in sight before it is drawn, so that what is not here is asked for meanwhile. */
  readonly onSight: (first: number, end: number) => void;
}

/** What of the rows is in sight. */
export interface Sight {
  /** The first row, from 0, of which a part is in sight. */
  readonly first: number;
  /** The row after the last one in sight. */
  readonly end: number;
  /** Pixels by which the rows are drawn further down than their places, since the scroll bar is no longer than it may be. */
  readonly shift: number;
}

/** Scrolls rows by their real pixels, whatever the browser's tallest element is. */
export interface Scroll {
  readonly sight: Sight;
  /** Height of the element that holds the rows. */
  readonly spaceHeight: number;
  readonly onScroll: () => void;
  /** Pixels of rows above the sight. */
  readonly top: () => number;
  readonly setTop: (top: number) => void;
  /** Scroll as little as brings a row into sight. */
  readonly reveal: (index: number) => void;
  /** Scroll until a row is the first in sight. */
  readonly toIndex: (index: number) => void;
}

/** After so long without a scroll the bar is put where the rows are, in milliseconds. */
const restMs = 150;

/** What is in sight of so many rows, and what moves it. */
export function useScroll({ grid, count, rowHeight, headHeight, onSight }: ScrollOptions): Scroll {
  const place = useRef<ScrollPlace>({ bar: 0, rows: 0 });
  const rest = useRef<ReturnType<typeof setTimeout>>(undefined);
  const [sight, setSight] = useState<Sight>({ first: 0, end: 0, shift: 0 });
  const height = count * rowHeight;
  const seen = useRef<{ readonly element?: HTMLElement; readonly height: number }>({ height: 0 });

  const measure = useCallback(() => {
    const view = Math.max(0, seen.current.height - headHeight);
    return { view, extent: extentOf(height, view) };
  }, [headHeight, height]);

  const look = useCallback(() => {
    const { rows, bar } = place.current;
    const first = Math.floor(rows / rowHeight);
    const end = Math.min(count, Math.ceil((rows + measure().view) / rowHeight));
    const shift = Math.round(bar - rows);
    onSight(first, end);
    setSight((before) =>
      before.first === first && before.end === end && before.shift === shift ? before : { first, end, shift },
    );
  }, [count, rowHeight, measure, onSight]);

  const setTop = useCallback(
    (top: number) => {
      const { extent } = measure();
      place.current = placeOf(top, extent);
      if (grid.current) grid.current.scrollTop = place.current.bar;
      look();
    },
    [grid, measure, look],
  );

  const onScroll = useCallback(() => {
    const bar = grid.current?.scrollTop ?? 0;
    const { extent } = measure();
    if (Math.abs(bar - place.current.bar) >= 1) place.current = scrolled(place.current, bar, extent);
    look();
    clearTimeout(rest.current);
    if (extent.rows !== extent.bar) rest.current = setTimeout(() => setTop(place.current.rows), restMs);
  }, [grid, measure, look, setTop]);

  useLayoutEffect(() => {
    const element = grid.current;
    if (element === null) return;
    const see = () => {
      seen.current = { element, height: element.clientHeight };
    };
    // Asked only when it can be another: the answer makes the browser lay out what has changed since.
    const isOther = seen.current.element !== element;
    if (isOther) see();
    const observer = new ResizeObserver(() => {
      see();
      look();
    });
    observer.observe(element);
    // With another number of rows, or another element, the bar is at the place of other rows.
    const { rows, bar } = place.current;
    const { extent } = measure();
    if (rows > extent.rows || Math.abs(barOfRows(rows, extent) - (isOther ? 0 : bar)) >= 1) setTop(rows);
    else look();
    return () => observer.disconnect();
  }, [grid, measure, look, setTop]);
  useLayoutEffect(() => () => clearTimeout(rest.current), []);

  const top = useCallback(() => place.current.rows, []);
  return useMemo((): Scroll => {
    const reveal = (index: number) => {
      const [above, below] = [index * rowHeight, (index + 1) * rowHeight - measure().view];
      if (above < top()) setTop(above);
      else if (below > top()) setTop(below);
    };
    const toIndex = (index: number) => setTop(index * rowHeight);
    return { sight, spaceHeight: Math.min(height, tallest), onScroll, top, setTop, reveal, toIndex };
  }, [sight, height, rowHeight, measure, onScroll, top, setTop]);
}

function placeOf(top: number, extent: Extent): ScrollPlace {
  const rows = Math.min(extent.rows, Math.max(0, top));
  return { rows, bar: barOfRows(rows, extent) };
}
