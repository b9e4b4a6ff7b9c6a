import { ContentError } from "../errors.ts";
import type { Source } from "../source.ts";
import type { ByteStream } from "./chunks.ts";
import { chunksOf } from "./chunks.ts";
import { offsetError } from "./offset.ts";

/**
 * A stream that goes only forward: bytes up to the offset are read and thrown away. It can be opened once; a second
 * open is `failed-precondition` when it is iterated. Never opened, it is never read, nor closed.
 *
 * @param size of the whole stream in bytes; absent: not known
 */
export function sourceOfStream(stream: ByteStream, size?: number): Source {
  let opened = false;
  return {
    size,
    once: true,
    async *open(offset, signal) {
      if (opened) throw new ContentError("failed-precondition", "a stream can be read once only");
      opened = true;
      let behind = 0;
      for await (const chunk of chunksOf(stream, signal)) {
        const wanted = chunk.subarray(Math.min(chunk.length, Math.max(0, offset - behind)));
        behind += chunk.length;
        if (wanted.length > 0) yield wanted;
      }
      if (behind < offset) throw offsetError(offset, behind);
    },
  };
}
