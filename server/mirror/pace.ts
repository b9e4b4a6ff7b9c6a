import type { MirrorTiming } from "./timing.ts";

/** When a source is looked at again, so that it spends little of its time on it. */
export interface Pace {
  /** Between the end of a look and the next one, while nothing asks for one, in milliseconds. */
  readonly everyMs: number;
  /** The source has taken so long for something. */
  spent(costMs: number, nowMs: number): void;
  /** A look at everything has ended, which cost so much. */
  looked(costMs: number, nowMs: number): void;
  /** When everything may be looked at next. @param hinted something asks for it */
  nextMs(hinted: boolean): number;
}

type PaceTiming = Pick<MirrorTiming, "leastMs" | "mostMs" | "restPerCost" | "hintMs" | "share" | "savedMs">;

/** How far a source may be overdrawn, so that one costly look does not count for ever, in milliseconds. */
const mostDebtMs = 1_000;

/** Nothing was looked at yet. @param nowMs of a clock that never goes back */
export function createPace(timing: PaceTiming, nowMs: number): Pace {
  const { leastMs, mostMs, restPerCost, hintMs, share, savedMs } = timing;
  let endedMs = Number.NEGATIVE_INFINITY;
  let everyMs = leastMs;
  /** What may be spent on looks that something asks for, at a moment. */
  let credit = savedMs;
  let countedMs = nowMs;

  function spent(costMs: number, atMs: number): void {
    credit = Math.min(savedMs, credit + (atMs - countedMs) * share) - costMs;
    credit = Math.max(credit, -mostDebtMs);
    countedMs = atMs;
  }

  return {
    get everyMs() {
      return everyMs;
    },
    spent,
    looked(costMs, atMs) {
      endedMs = atMs;
      everyMs = Math.min(mostMs, Math.max(leastMs, costMs * restPerCost));
    },
    nextMs(hinted) {
      const regular = endedMs + everyMs;
      if (!hinted) return regular;
      const affordable = countedMs + Math.max(0, -credit / share);
      return Math.min(regular, Math.max(endedMs + hintMs, affordable));
    },
  };
}
