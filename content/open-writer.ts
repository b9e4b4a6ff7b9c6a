import { isKind, throwIfCancelled } from "./errors.ts";
import { sleep } from "./remote/sleep.ts";
import type { RetryOptions } from "./retries.ts";
import { createBackOff, createRetries } from "./retries.ts";
import type { Store, Writer, WriterOptions } from "./store.ts";

/** Bounds of the wait for a ref that is locked, in milliseconds; containerd's (core/content/helpers.go OpenWriter). */
const lockDelayMs = { min: 16, max: 2_048 } as const;

export interface OpenWriterOptions extends RetryOptions {
  /** Ends the wait; it goes to the store as well. */
  readonly signal?: AbortSignal;
  /** Milliseconds to wait for a ref that another writer holds; 0: one try; absent: until it is free or the signal aborts. */
  readonly timeoutMs?: number;
}

/**
 * Opens a ref for writing, and waits for it while another writer holds it (containerd's OpenWriter). A store waits a short
 * while itself; between two tries it waits for a time drawn at random below a bound that doubles from 16 to 2,048 ms, so that
 * many who wait do not come all at once.
 *
 * Only `unavailable` is tried again: a lock until `timeoutMs`, anything else (a server that cannot be reached, or that
 * stops) as often as `retries` says. Every other error comes at once.
 *
 * @throws what the store's `writer` throws; the lock's error, with who holds it, once `timeoutMs` are over; `cancelled` after the
 * signal aborted, the signal's reason as its cause
 */
export async function openWriter(
  store: Pick<Store, "writer">,
  options: WriterOptions,
  { signal, timeoutMs = Number.POSITIVE_INFINITY, ...retry }: OpenWriterOptions = {},
): Promise<Writer> {
  const until = performance.now() + timeoutMs;
  const lockDelay = createBackOff(lockDelayMs.min, lockDelayMs.max);
  const retries = createRetries(retry);
  for (;;) {
    throwIfCancelled(signal);
    try {
      return await store.writer(options, signal);
    } catch (error) {
      throwIfCancelled(signal);
      if (!isKind(error, "unavailable")) throw error;
      if (!isLocked(error)) {
        await retries.waitAfter(error, signal);
        continue;
      }
      retries.reset();
      const leftMs = until - performance.now();
      if (leftMs <= 0) throw error;
      await sleep(Math.min(lockDelay(), leftMs), signal);
    }
  }
}

/** Another writer holds the ref: the server says so in a detail, and a containerd in its text. */
export function isLocked(error: unknown): boolean {
  if (!isKind(error, "unavailable")) return false;
  return error.facts.locked !== undefined || /^ref .* locked(?: for |$)/s.test(error.message);
}
