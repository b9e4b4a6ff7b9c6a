import type { Digest } from "./digest.ts";
import { isKind, throwIfCancelled } from "./errors.ts";
import type { RetryOptions } from "./retries.ts";
import { createRetries } from "./retries.ts";
import type { Descriptor, ReaderAt, Store } from "./store.ts";

export interface OpenReaderOptions extends RetryOptions {
  /** Ends the open, and every read. */
  readonly signal?: AbortSignal;
}

/**
 * Opens a blob for reading that goes on where it was cut: what fails with `unavailable` is tried again, from the byte
 * after the last one that came, so that no byte is read twice. Every byte that comes gives back all tries.
 *
 * @throws what the store's `readerAt` throws; `cancelled` after the signal aborted, the signal's reason as its cause
 */
export async function openReader(
  store: Pick<Store, "readerAt">,
  descriptor: Descriptor & { readonly digest: Digest },
  { signal, ...retry }: OpenReaderOptions = {},
): Promise<ReaderAt> {
  const retries = createRetries(retry);
  for (;;) {
    throwIfCancelled(signal);
    try {
      return resumingReader(await store.readerAt(descriptor, signal), retry);
    } catch (error) {
      throwIfCancelled(signal);
      if (!isKind(error, "unavailable")) throw error;
      await retries.waitAfter(error, signal);
    }
  }
}

/** Bytes of one read of a reader whose reads bring nothing: at first, and at least. */
const smallReads = { first: 128 * 1024, least: 16 * 1024 } as const;

/**
 * A reader whose reads go on where they were cut, as openReader says; closing it closes the other. Where a read brings nothing
 * before it is cut, less is asked for in one go: a server answers in pieces, and only a whole one counts.
 */
export function resumingReader(reader: ReaderAt, retry: RetryOptions = {}): ReaderAt {
  async function* read(offset: number, length = reader.size, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
    const retries = createRetries(retry);
    let most = Number.POSITIVE_INFINITY;
    let at = offset;
    do {
      const start = at;
      try {
        for await (const chunk of reader.read(at, Math.min(most, offset + length - at), signal)) {
          at += chunk.length;
          if (chunk.length > 0) retries.reset();
          yield chunk;
        }
        if (most === Number.POSITIVE_INFINITY || at === start) return;
        most *= 2;
      } catch (error) {
        throwIfCancelled(signal);
        if (!isKind(error, "unavailable")) throw error;
        if (at === start) most = Math.max(smallReads.least, Math.min(smallReads.first, most / 2));
        await retries.waitAfter(error, signal);
      }
    } while (at < Math.min(offset + length, reader.size));
  }

  const close = () => reader.close();
  return { size: reader.size, read, close, [Symbol.asyncDispose]: close };
}
