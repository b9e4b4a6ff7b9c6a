import type { Collected } from "../metadata.ts";

/** Collections, one after the other. */
export interface Collections extends AsyncDisposable {
  /** @param signal ends it between two steps @throws what the job throws */
  run(signal: AbortSignal | undefined): Promise<Collected>;
}

/** @param job one collection */
export function createCollections(job: (signal: AbortSignal) => Promise<Collected>): Collections {
  const stop = new AbortController();
  let last: Promise<unknown> = Promise.resolve();
  return {
    run(signal) {
      const combined = AbortSignal.any([stop.signal, ...(signal ? [signal] : [])]);
      const next = last.then(() => job(combined));
      last = next.catch(() => undefined);
      return next;
    },
    async [Symbol.asyncDispose]() {
      stop.abort();
      await last;
    },
  };
}
