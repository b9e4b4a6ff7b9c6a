import { throwIfCancelled } from "../../../content/errors.ts";
import type { ReaderAt } from "../../../content/store.ts";
import { endOfRead, readerClosed } from "../refusals.ts";

/** Bytes of one chunk. */
const chunkBytes = 256 * 1024;

/**
 * A blob in memory, open for reading. Its chunks are copies: a consumer cannot change the blob.
 *
 * @param signal ends every read
 */
export function createMemoryReader(bytes: Uint8Array, signal?: AbortSignal): ReaderAt {
  let closed = false;

  async function* read(offset: number, length?: number, signalOfRead?: AbortSignal): AsyncGenerator<Uint8Array> {
    const end = endOfRead(bytes.length, offset, length);
    for (let at = offset; at < end; at += chunkBytes) {
      if (closed) throw readerClosed();
      throwIfCancelled(signal);
      throwIfCancelled(signalOfRead);
      yield Buffer.from(bytes.subarray(at, Math.min(at + chunkBytes, end)));
    }
  }

  const close = async () => {
    closed = true;
  };
  return { size: bytes.length, read, close, [Symbol.asyncDispose]: close };
}
