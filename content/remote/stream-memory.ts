import type { EndedIngest } from "./events.ts";

/**
 * What a live set remembers from one connection to the next, so that the next goes on where the last was cut. One that is
 * given to several follows, one after another and of the same options, makes them go on too.
 */
export interface StreamMemory {
  /** Goes on after all that was taken; empty: the next connection begins anew. */
  token: string;
  /** Milliseconds between two bookmarks, as the server said last. */
  heartbeatMs: number;
  /** True for an end that was taken: what came just before a cut comes again. */
  tookEnd(ended: EndedIngest): boolean;
  /** An end was taken. */
  takeEnd(ended: EndedIngest): void;
}

/** Ends that are remembered: more than come between two bookmarks. */
const keptEnds = 10_000;

/** Time between two bookmarks of a server that does not tell it. */
export const usualHeartbeatMs = 10_000;

/** The memory of a live set that begins anew. */
export function createStreamMemory(): StreamMemory {
  const ends = new Set<string>();
  return {
    token: "",
    heartbeatMs: usualHeartbeatMs,
    tookEnd: (ended) => ends.has(nameOf(ended)),
    takeEnd(ended) {
      ends.add(nameOf(ended));
      if (ends.size <= keptEnds) return;
      for (const oldest of ends) {
        ends.delete(oldest);
        return;
      }
    },
  };
}

function nameOf({ namespace, ref, outcome, startedAt, endedAt }: EndedIngest): string {
  return JSON.stringify([namespace, ref, outcome, startedAt.getTime(), endedAt.getTime()]);
}
