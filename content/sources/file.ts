import type { Source } from "../source.ts";
import { chunksOf } from "./chunks.ts";
import { checkOffset } from "./offset.ts";

/** A File of a browser, or a Blob: its slice is the seek. One that changed on disk since it was chosen fails when it is read. */
export function sourceOfFile(file: Blob): Source {
  return {
    size: file.size,
    async *open(offset, signal) {
      checkOffset(offset, file.size);
      yield* chunksOf(file.slice(offset).stream(), signal);
    },
  };
}
