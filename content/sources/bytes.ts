import type { Source } from "../source.ts";
import { checkOffset } from "./offset.ts";

/** Bytes that are in memory. They must not change while they are read. */
export function sourceOfBytes(data: Uint8Array): Source {
  return {
    size: data.length,
    async *open(offset) {
      checkOffset(offset, data.length);
      if (offset < data.length) yield data.subarray(offset);
    },
  };
}
