import { ContentError, throwIfCancelled } from "../../content/errors.ts";

/** Those who wait for something that may happen at any time. */
export interface Gate {
  /** It happened, for all who wait now. */
  open(): void;
  /** Wait until it happens, so long at most. @throws `cancelled` */
  wait(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Nobody waits. */
export function createGate(): Gate {
  const waiting = new Set<() => void>();
  return {
    open() {
      for (const resolve of waiting) resolve();
    },
    async wait(ms, signal) {
      throwIfCancelled(signal);
      const { promise, resolve } = Promise.withResolvers<void>();
      const timer = Number.isFinite(ms) ? setTimeout(resolve, Math.max(0, ms)).unref() : undefined;
      const go = (): void => resolve();
      waiting.add(go);
      signal?.addEventListener("abort", go, { once: true });
      try {
        await promise;
      } finally {
        clearTimeout(timer);
        waiting.delete(go);
        signal?.removeEventListener("abort", go);
      }
      throwIfCancelled(signal);
    },
  };
}

/** What a call gets while there is nothing to answer it with. @param seen blobs that were read so far */
export function notReadYet(name: string, seen: number): ContentError {
  const text = `store ${name} is being read for the first time (${seen} blobs so far); try again`;
  return new ContentError("unavailable", text);
}

/** What a call gets that the source would have to answer. */
export function doesNotAnswer(name: string, reason: string, cause?: unknown): ContentError {
  return new ContentError("unavailable", `store ${name} does not answer: ${reason}`, { cause });
}
