import type { ReaderAt } from "../../content/store.ts";
import type { Core } from "./core.ts";

/**
 * A reader that adds what is read of it. Whoever reads is handed the promises of the reader itself, so that a chunk comes in no more
 * steps than without.
 */
export function counted(reader: ReaderAt, transferred: Core["transferred"]): ReaderAt {
  const note = ({ value }: IteratorResult<Uint8Array, unknown>): void => {
    if (value instanceof Uint8Array) transferred.readBytes += value.length;
  };
  return {
    size: reader.size,
    read(...wanted) {
      const chunks = reader.read(...wanted)[Symbol.asyncIterator]();
      const iterator: AsyncIterator<Uint8Array> = {
        next() {
          const next = chunks.next();
          // Whoever asked is told of an error.
          next.then(note, () => undefined);
          return next;
        },
        return: (value) => chunks.return?.(value) ?? Promise.resolve({ done: true, value }),
      };
      return { [Symbol.asyncIterator]: () => iterator };
    },
    close: () => reader.close(),
    [Symbol.asyncDispose]: () => reader[Symbol.asyncDispose](),
  };
}
