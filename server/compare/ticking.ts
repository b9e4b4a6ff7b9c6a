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
  const [left, over] = [new AbortController(), new AbortController()];
  const either = AbortSignal.any([signal, left.signal]);
  const working = work(either).finally(() => over.abort());
  // Whoever leaves hears of it too, and is told by nothing else then.
  working.catch(() => undefined);
  // One signal for all ticks: what each of them waits for by itself would stay until the end of the work.
  const wake = AbortSignal.any([either, over.signal]);
  try {
    for (;;) {
      await sleep(tickMs, wake);
      if (wake.aborted) return await working;
      yield progress();
    }
  } finally {
    left.abort();
    await working.catch(() => undefined);
  }
}
