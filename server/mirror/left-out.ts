import type { Logger } from "pino";

/** What is remembered to have been said, at most; more is left out without a word. */
const maxSaid = 1_000;

/** Characters of what is said: a source may have names of any length. */
const maxText = 300;

/** Says that something of a source is left out, once each. */
export type LeftOut = (what: string, reason: unknown) => void;

/** Nothing was left out yet. */
export function createLeftOut(logger: Logger): LeftOut {
  const said = new Set<string>();
  return (told, reason) => {
    if (said.size >= maxSaid) return;
    const what = shortened(told);
    if (said.has(what)) return;
    said.add(what);
    const text = shortened(reason instanceof Error ? reason.message : String(reason));
    logger.warn({ what, reason: text }, "left out of a mirror: it cannot be shown");
  };
}

/** A copy, since a part of a text keeps all of it in memory. */
function shortened(text: string): string {
  return text.length <= maxText ? text : Buffer.from(text.slice(0, maxText)).toString();
}
