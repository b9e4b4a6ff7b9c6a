import type { Source } from "../source.ts";
import type { ReaderAt } from "../store.ts";

/** What can be read from any offset, such as an open blob of a Store; whoever opened it closes it. */
export function sourceOfReader(reader: Pick<ReaderAt, "size" | "read">): Source {
  return {
    size: reader.size,
    open: (offset, signal) => reader.read(offset, undefined, signal),
  };
}
