import type { RowSource } from "./row-source.ts";
import type { Scroll } from "./use-scroll.ts";

/** A list as it stands. */
export interface AnchoredList {
  readonly rows: Pick<RowSource<unknown>, "keyAt" | "indexOf">;
  readonly scroll: Pick<Scroll, "top" | "setTop">;
  /** Pixels. */
  readonly rowHeight: number;
}

/** Keeps the row that is read at its pixel when rows come or go above it. */
export interface Anchor {
  /** The list was scrolled, by whomever. */
  scrolled(list: AnchoredList): void;
  /** The rows may have other places. */
  moved(list: AnchoredList): void;
  /** Nothing is read any more: another list follows. */
  release(): void;
}

/** A row that is read. */
interface Held {
  readonly key: string;
  /** Where the list stood when this was last made true, in pixels. */
  readonly top: number;
  /** Pixels of the row, or of the rows from it on, that are above the sight. */
  readonly offset: number;
}

/** An anchor that holds nothing yet. At the top of a list it never does, so that what is new is seen there. */
export function createAnchor(): Anchor {
  let held: Held | undefined;

  function hold({ rows, scroll, rowHeight }: AnchoredList): void {
    const top = scroll.top();
    const key = rows.keyAt(Math.floor(top / rowHeight));
    held = top === 0 || key === undefined ? undefined : { key, top, offset: top % rowHeight };
  }

  return {
    scrolled(list) {
      // What it did itself is heard of afterwards. Where the list ended before the row was at its pixel, the row is held all the same:
      // places are estimated while rows come, and the next one may be right.
      if (held?.top !== list.scroll.top()) hold(list);
    },
    moved(list) {
      const { rows, scroll, rowHeight } = list;
      const index = held === undefined ? -1 : rows.indexOf(held.key);
      // What was not here when it was scrolled to, or was scrolled to since, is held from now on.
      if (held === undefined || index < 0 || scroll.top() !== held.top) return hold(list);
      const wanted = index * rowHeight + held.offset;
      if (Math.abs(scroll.top() - wanted) < 1) return;
      scroll.setTop(wanted);
      const top = scroll.top();
      held = top === 0 ? undefined : { ...held, top };
    },
    release() {
      held = undefined;
    },
  };
}
