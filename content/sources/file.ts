import { throwIfCancelled } from "../errors.ts";
import type { Source } from "../source.ts";
import { checkOffset } from "./offset.ts";

/** What is read in one go while nothing else is said, in bytes. */
const usualPieceBytes = 1024 * 1024;

/**
 * A File of a browser, or a Blob: its slice is the seek. One that changed on disk since it was chosen fails when it is read.
 *
 * All pieces are read into one buffer, so that memory does not grow with the file: a browser collects chunks of its own late, a hundred
 * MiB of them. Where it cannot read into a buffer, each piece has its own.
 *
 * @param pieceBytes bytes of a piece; absent: 1 MiB. The pieceBytes of writeBlob are best the same
 */
export function sourceOfFile(file: Blob, pieceBytes: number = usualPieceBytes): Source {
  return {
    size: file.size,
    async *open(offset, signal) {
      checkOffset(offset, file.size);
      const rest = file.slice(offset);
      const reader = readerInto(rest);
      yield* reader === undefined ? slicesOf(rest, pieceBytes) : piecesInto(reader, rest.size, pieceBytes, signal);
    },
  };
}

/** Absent where a browser cannot read a file into a buffer. */
function readerInto(file: Blob): ReadableStreamBYOBReader | undefined {
  try {
    return file.stream().getReader({ mode: "byob" });
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

async function* piecesInto(
  reader: ReadableStreamBYOBReader,
  size: number,
  pieceBytes: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array, void, undefined> {
  const cancel = () => reader.cancel(signal?.reason).catch(() => undefined);
  signal?.addEventListener("abort", cancel, { once: true });
  try {
    let buffer = new ArrayBuffer(Math.min(pieceBytes, size));
    for (let left = size; left > 0; ) {
      const piece = await fill(reader, buffer, Math.min(left, buffer.byteLength));
      throwIfCancelled(signal);
      // The end came too early.
      if (piece.length === 0) return;
      left -= piece.length;
      buffer = piece.buffer;
      yield piece;
    }
  } finally {
    signal?.removeEventListener("abort", cancel);
    await cancel();
  }
}

/** Reads so many bytes into a buffer, which is another object then; fewer at the end. */
async function fill(
  reader: ReadableStreamBYOBReader,
  buffer: ArrayBuffer,
  length: number,
): Promise<Uint8Array<ArrayBuffer>> {
  let into = buffer;
  let filled = 0;
  while (filled < length) {
    const { done, value } = await reader.read(new Uint8Array(into, filled, length - filled));
    if (value === undefined) break;
    into = value.buffer;
    filled += value.length;
    if (done) break;
  }
  return new Uint8Array(into, 0, filled);
}

async function* slicesOf(file: Blob, pieceBytes: number): AsyncGenerator<Uint8Array, void, undefined> {
  for (let offset = 0; offset < file.size; offset += pieceBytes) {
    yield new Uint8Array(await file.slice(offset, offset + pieceBytes).arrayBuffer());
  }
}
