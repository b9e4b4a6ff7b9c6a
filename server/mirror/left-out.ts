import type { Logger } from "pino";

/** What is remembered to have been said, at most; more is left out without a word. */
const maxSaid = 1_000;

/** Says that something of a source is left out, once each. */
export type LeftOut = (what: string, reason: unknown) => void;

/** Nothing was left out yet. */
export function createLeftOut(logger: Logger): LeftOut {
  const said = new Set<string>();
  return (what, reason) => {
    if (said.has(what) || said.size >= maxSaid) return;
    said.add(what);
    const text = reason instanceof Error ? reason.message : String(reason);
    logger.warn({ what, reason: text }, "left out of a mirror: it cannot be shown");
  };
}
