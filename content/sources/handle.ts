import { throwIfCancelled } from "../errors.ts";
import type { Source } from "../source.ts";
import { checkOffset } from "./offset.ts";

/** Bytes of one read. */
const readBytes = 1024 * 1024;

/** What is read of an open file: Node's `fs.promises.FileHandle` is one. */
export interface FileHandleLike {
  /** Reads up to `length` bytes at `position` into the buffer from `offset` on; 0 read: the end. */
  read(buffer: Uint8Array, offset: number, length: number, position: number): Promise<{ readonly bytesRead: number }>;
  /** Its size in bytes now. */
  stat(): Promise<{ readonly size: number }>;
}

/**
 * A file that is open, read by position; whoever opened it closes it.
 *
 * @param size in bytes that it must have; absent: whatever it has when it is read
 */
export function sourceOfHandle(handle: FileHandleLike, size?: number): Source {
  return {
    size,
    async *open(offset, signal) {
      checkOffset(offset, (await handle.stat()).size);
      const buffer = new Uint8Array(readBytes);
      for (let at = offset; ; ) {
        throwIfCancelled(signal);
        const { bytesRead } = await handle.read(buffer, 0, buffer.length, at);
        if (bytesRead === 0) return;
        at += bytesRead;
        yield buffer.subarray(0, bytesRead);
      }
    },
  };
}
