import type { Feed } from "../feed/feed.ts";

/** Who wants to know what is in a mirror. Times are of a clock that never goes back. */
export interface Demand {
  /** Somebody follows it, or called a short while ago. */
  isWatched(nowMs: number): boolean;
  /** A call came. @returns true where nobody watched before */
  called(nowMs: number): boolean;
  /** When nobody watches any more unless another call comes; infinite while somebody follows it. */
  endsMs(): number;
}

/** Nobody called yet. @param idleMs nobody watches once no call came for so long */
export function createDemand(feed: Pick<Feed, "watched">, idleMs: number): Demand {
  let endsMs = Number.NEGATIVE_INFINITY;
  let isResting = true;

  /** Whether somebody watches is found out by who asks: a rest lasts until the next call. */
  function isWatched(nowMs: number): boolean {
    const watched = feed.watched || nowMs < endsMs;
    isResting ||= !watched;
    return watched;
  }

  return {
    isWatched,
    called(nowMs) {
      isWatched(nowMs);
      const wasResting = isResting;
      isResting = false;
      endsMs = nowMs + idleMs;
      return wasResting;
    },
    endsMs: () => (feed.watched ? Number.POSITIVE_INFINITY : endsMs),
  };
}
