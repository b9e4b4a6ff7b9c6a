import type { Wake } from "./follow-options.ts";

/** Waits until the time is over, the signal aborts, or `wake` calls, whichever is first. */
export async function sleep(ms: number, signal: AbortSignal | undefined, wake?: Wake): Promise<void> {
  if (signal?.aborted) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  const onAbort = () => resolve();
  signal?.addEventListener("abort", onAbort);
  const unwake = wake?.(resolve);
  try {
    await promise;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", onAbort);
    unwake?.();
  }
}
