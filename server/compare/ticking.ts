import { sleep } from "../../content/remote/sleep.ts";

/** Milliseconds between two messages about something that takes long. */
const tickMs = 250;

/**
 * Does something, and tells now and then how far it is. A reader that does not read holds nothing up; one that leaves ends the
 * work, and waits until it has let go.
 *
 * @param work ends soon after its signal aborted
 * @throws what the work throws
 */
export async function* ticking<Progress, Result>(
  work: (signal: AbortSignal) => Promise<Result>,
  progress: () => Progress,
  signal: AbortSignal,
): AsyncGenerator<Progress, Result, undefined> {
  const left = new AbortController();
  const either = AbortSignal.any([signal, left.signal]);
  const working = work(either);
  const ended = working.then(
    () => true,
    () => true,
  );
  try {
    for (;;) {
      // Once it was aborted nothing sleeps any more, and what is under way needs the event loop to end.
      const tick = either.aborted ? [] : [sleep(tickMs, either).then(() => false)];
      if (await Promise.race([ended, ...tick])) return await working;
      yield progress();
    }
  } finally {
    left.abort();
    await ended;
  }
}
