import { ContentError, cancelled } from "../../content/errors.ts";

/** Turns of the calls of one writer, in the order in which they came. */
export interface Turns {
  /**
   * Wait until no call is under way. Dispose of what is returned, once, on every path.
   *
   * @param signal ends the wait
   * @throws `unavailable` when enough calls wait already; `cancelled`
   */
  take(signal?: AbortSignal): Promise<Disposable>;
}

/** @param maxWaiting calls that may wait; each holds its data meanwhile */
export function createTurns(maxWaiting: number): Turns {
  const waiting = new Set<() => void>();
  let busy = false;

  function wait(signal: AbortSignal | undefined): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const settle = (): void => {
      waiting.delete(next);
      signal?.removeEventListener("abort", onAbort);
    };
    const next = (): void => {
      settle();
      resolve();
    };
    const onAbort = (): void => {
      settle();
      reject(cancelled(signal?.reason));
    };
    signal?.addEventListener("abort", onAbort, { once: true });
    waiting.add(next);
    return promise;
  }

  return {
    async take(signal) {
      if (signal?.aborted) throw cancelled(signal.reason);
      if (!busy) busy = true;
      else if (waiting.size < maxWaiting) await wait(signal);
      else throw new ContentError("unavailable", "calls of this writer are under way; wait for their answers");
      return {
        [Symbol.dispose]() {
          const [next] = waiting;
          if (next === undefined) busy = false;
          else next();
        },
      };
    },
  };
}
