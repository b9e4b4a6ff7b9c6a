import type { Logger } from "pino";
import type { MirrorSource } from "./source.ts";

/** Listens to a source while it is wanted. */
export interface Hints {
  /** Listen, unless it does already. */
  start(): void;
  stop(): void;
}

/** Nobody listens yet. @param told called each time that something may have changed */
export function createHints(source: Pick<MirrorSource, "hints">, logger: Logger, told: () => void): Hints {
  let running: AbortController | undefined;

  async function listen(mine: AbortController): Promise<void> {
    try {
      for await (const _ of source.hints?.(mine.signal) ?? []) {
        if (mine.signal.aborted) return;
        told();
      }
    } catch (err) {
      if (!mine.signal.aborted) logger.debug({ err }, "a source says no more when something changes");
    } finally {
      if (running === mine) running = undefined;
    }
  }

  return {
    start() {
      if (running !== undefined || source.hints === undefined) return;
      running = new AbortController();
      listen(running);
    },
    stop() {
      running?.abort();
      running = undefined;
    },
  };
}
