import { throwIfCancelled } from "../errors.ts";

/** What gives bytes once: a stream of the web, or anything that can be iterated. */
export type ByteStream = ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>;

/**
 * The chunks of a stream. Leaving the iteration early, or an abort of the signal, cancels it. A ReadableStream is read by its reader,
 * since not every browser can iterate one.
 */
export async function* chunksOf(stream: ByteStream, signal?: AbortSignal): AsyncGenerator<Uint8Array, void, undefined> {
  if (!("getReader" in stream)) return yield* stream;
  const reader = stream.getReader();
  const cancel = () => reader.cancel(signal?.reason).catch(() => undefined);
  signal?.addEventListener("abort", cancel, { once: true });
  try {
    for (;;) {
      const { done, value } = await reader.read();
      // A stream that was cancelled looks like one that has ended.
      if (done) return throwIfCancelled(signal);
      yield value;
    }
  } finally {
    signal?.removeEventListener("abort", cancel);
    // Of a stream that has ended, or failed, nothing is left to cancel.
    await cancel();
    reader.releaseLock();
  }
}
