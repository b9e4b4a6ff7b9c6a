import type { Digest } from "../../../content/digest.ts";
import { algorithmOf } from "../../../content/digest.ts";
import { throwIfCancelled } from "../../../content/errors.ts";
import type { ReaderAt } from "../../../content/store.ts";
import { Hasher } from "../hashing.ts";
import { endOfRead, readerClosed, wrongBytes } from "../refusals.ts";
import type { Blobs } from "./blobs.ts";
import { chunkBytes, giveBuffer, takeBuffer } from "./buffers.ts";
import { systemError } from "./system-error.ts";
import type { BlobFile } from "./verdicts.ts";

/**
 * A blob's file, open for reading; it is let go of with the reader. The file was right when it was opened. A read of all of
 * it is hashed as it goes besides, and its last chunk is held back until the digest is proven.
 *
 * @param signal ends every read
 */
export function createLocalReader(
  digest: Digest,
  file: BlobFile,
  { verdicts, quick }: Pick<Blobs, "verdicts" | "quick">,
  signal?: AbortSignal,
): ReaderAt {
  const { handle } = file;
  const size = Number(file.stat.size);
  let closed = false;

  function check(signalOfRead: AbortSignal | undefined): void {
    if (closed) throw readerClosed();
    throwIfCancelled(signal);
    throwIfCancelled(signalOfRead);
  }

  async function fail(): Promise<never> {
    const now = await handle.stat({ bigint: true }).catch(() => undefined);
    if (now !== undefined) verdicts.remember(digest, now, false);
    throw wrongBytes(digest);
  }

  /** Read into all of the buffer; a promise only where the read is one for the pool. */
  function fill(buffer: Buffer, position: number): number | Promise<number> {
    try {
      return quick.read(handle.fd, buffer, position) ?? fillInPool(buffer, position);
    } catch (error) {
      throw failed(error);
    }
  }

  async function fillInPool(buffer: Buffer, position: number): Promise<number> {
    try {
      return (await handle.read(buffer, 0, buffer.length, position)).bytesRead;
    } catch (error) {
      throw failed(error);
    }
  }

  const failed = (error: unknown) => (closed ? readerClosed() : systemError(error, `read content ${digest}`));

  async function* read(offset: number, length?: number, signalOfRead?: AbortSignal): AsyncGenerator<Uint8Array> {
    check(signalOfRead);
    const end = endOfRead(size, offset, length);
    const hasher = offset === 0 && end === size ? new Hasher(algorithmOf(digest)) : undefined;
    if (size === 0 && hasher?.digest() !== digest) await fail();
    const buffer = takeBuffer(Math.min(chunkBytes, end - offset));
    for (let at = offset; at < end; ) {
      check(signalOfRead);
      const filled = fill(buffer.subarray(0, end - at), at);
      const bytes = typeof filled === "number" ? filled : await filled;
      if (bytes === 0) await fail();
      const chunk = buffer.subarray(0, bytes);
      at += bytes;
      hasher?.update(chunk);
      if (at === end && hasher !== undefined && hasher.digest() !== digest) await fail();
      yield chunk;
    }
    // Only here: of a read that is given up, a chunk may still be on its way to somebody.
    giveBuffer(buffer);
  }

  const close = async (): Promise<void> => {
    closed = true;
    file.close();
  };
  return { size, read, close, [Symbol.asyncDispose]: close };
}
