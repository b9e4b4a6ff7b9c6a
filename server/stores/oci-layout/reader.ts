import type { Digest } from "../../../content/digest.ts";
import type { ReaderAt } from "../../../content/store.ts";
import type { QuickReads } from "../local/quick-reads.ts";
import { createLocalReader } from "../local/reader.ts";
import { systemError } from "../local/system-error.ts";
import type { BlobFile, Verdicts } from "../local/verdicts.ts";
import { endOfRead, readerClosed } from "../refusals.ts";

/** A folder may be on a disk of the network that does not answer, so that nothing of it is read on the event loop. */
const inPool: QuickReads = { read: () => undefined };

/**
 * What was changed within this time may be changed once more without another time, in milliseconds: file systems count it in steps
 * of some milliseconds.
 */
const freshMs = 1_000;

/**
 * A blob of a folder that others write to. A read of all of it is hashed as it goes. Before a part of it is read, all of it is hashed
 * once, and again whenever its file is not what it was then. That takes a second for some 500 MB; it goes on where nobody waits for it
 * any more, so that who comes again is answered.
 *
 * @param signal ends every read
 */
export function createFolderReader(digest: Digest, file: BlobFile, verdicts: Verdicts, signal?: AbortSignal): ReaderAt {
  const { handle } = file;
  /** Of those that need the file even after it was closed. */
  const proofs = new Set<Promise<void>>();
  let closed = false;
  const close = async (): Promise<void> => {
    closed = true;
    if (proofs.size === 0) return await reader.close();
    Promise.allSettled(proofs).then(() => reader.close());
  };
  const reader = createLocalReader(digest, file, { verdicts, quick: inPool }, signal);
  const { size } = reader;

  /** @throws `data-loss` */
  async function prove(): Promise<void> {
    try {
      const stat = await handle.stat({ bigint: true });
      if (Math.abs(Date.now() - Number(stat.ctimeMs)) < freshMs) verdicts.forget(digest);
      await verdicts.check(digest, { handle, stat });
    } catch (error) {
      throw systemError(error, `read content ${digest}`);
    }
  }

  async function* read(offset: number, length?: number, signalOfRead?: AbortSignal): AsyncGenerator<Uint8Array> {
    if (closed) throw readerClosed();
    const isWhole = offset === 0 && endOfRead(size, offset, length) === size;
    if (!isWhole) {
      const proof = prove();
      proofs.add(proof);
      await proof.finally(() => proofs.delete(proof));
    }
    if (closed) throw readerClosed();
    yield* reader.read(offset, length, signalOfRead);
  }

  return { size, read, close, [Symbol.asyncDispose]: close };
}
