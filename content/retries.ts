import type { ContentError } from "./errors.ts";
import { throwIfCancelled } from "./errors.ts";
import { sleep } from "./remote/sleep.ts";

/** How often and how fast something that was cut is tried again. */
export interface RetryOptions {
  /** Tries in a row that bring nothing, after the first; 0: none; absent: 8, which is about ten seconds. */
  readonly retries?: number;
  /** Bound of the first wait in milliseconds; absent: 100. It doubles with every further one. */
  readonly minDelayMs?: number;
  /** Bound of every wait in milliseconds; absent: 5,000. */
  readonly maxDelayMs?: number;
}

export interface Retries {
  /** Waits before another try. @throws the error when no try is left; `cancelled` after the signal aborted */
  waitAfter(error: ContentError, signal?: AbortSignal): Promise<void>;
  /** Something came of the last try. */
  reset(): void;
}

/** Tries with waits between them, each drawn at random below a bound that doubles. */
export function createRetries({ retries = 8, minDelayMs = 100, maxDelayMs = 5_000 }: RetryOptions = {}): Retries {
  let left = retries;
  let delay = createBackOff(minDelayMs, maxDelayMs);
  return {
    async waitAfter(error, signal) {
      if (left <= 0) throw error;
      left -= 1;
      await sleep(delay(), signal);
      throwIfCancelled(signal);
    },
    reset() {
      left = retries;
      delay = createBackOff(minDelayMs, maxDelayMs);
    },
  };
}

/** Waits in milliseconds, each drawn at random below a bound that doubles from `min` to `max`. */
export function createBackOff(min: number, max: number): () => number {
  let bound = min;
  return () => {
    const drawn = Math.random() * Math.min(bound, max);
    bound = Math.min(bound * 2, max);
    return drawn;
  };
}
