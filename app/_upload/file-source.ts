import { throwIfCancelled } from "../../content/errors.ts";
import type { Source } from "../../content/source.ts";
import { sourceOfFile } from "../../content/sources/file.ts";

/**
 * The bytes of a file in pieces, all read into one buffer. The library's source is given a chunk of the browser's for each 64 KiB, and
 * a browser keeps a hundred MiB of those before it collects them; where it cannot read into a buffer, there is no other way.
 */
export function piecesOfFile(file: Blob, pieceBytes: number): Source {
  if (typeof ReadableStreamBYOBReader !== "function") return sourceOfFile(file);
  return {
    size: file.size,
    async *open(offset, signal) {
      const reader = file.slice(offset).stream().getReader({ mode: "byob" });
      const cancel = () => reader.cancel(signal?.reason).catch(() => undefined);
      signal?.addEventListener("abort", cancel, { once: true });
      try {
        let buffer = new ArrayBuffer(Math.min(pieceBytes, file.size - offset));
        for (let left = file.size - offset; left > 0; ) {
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
    },
  };
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
