import type { BookmarkEvent } from "../../content/remote/events.ts";

/** What a set holds in all, by the server's word. */
export interface Totals {
  readonly count: number;
  readonly bytes: number;
  /** Before filters. */
  readonly wholeCount: number;
  readonly wholeBytes: number;
}

/** The totals of a bookmark. */
export function totalsOf({ count, bytes, wholeCount, wholeBytes }: BookmarkEvent): Totals {
  return { count, bytes, wholeCount, wholeBytes };
}
