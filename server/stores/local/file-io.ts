import type { FileHandle } from "node:fs/promises";
import type { Algorithm } from "../../../content/digest.ts";
import { Hasher } from "../hashing.ts";

/** Bytes of one read while a file is hashed; the event loop is free between two. */
const hashBytes = 1024 * 1024;

/** Write all of it there, however many calls the system needs. */
export async function writeAt(handle: FileHandle, data: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < data.length; ) {
    const { bytesWritten } = await handle.write(data, done, data.length - done, position + done);
    done += bytesWritten;
  }
}

/**
 * Hash the first bytes of a file, in pieces, with the event loop free between.
 *
 * @param check throws to end it early
 * @returns a hasher that stands behind them; absent where the file is shorter
 */
export async function hashFile(
  handle: FileHandle,
  size: number,
  algorithm: Algorithm,
  check?: () => void,
): Promise<Hasher | undefined> {
  const hasher = new Hasher(algorithm);
  const buffer = Buffer.allocUnsafe(Math.min(hashBytes, size));
  for (let at = 0; at < size; ) {
    check?.();
    const { bytesRead } = await handle.read(buffer, 0, Math.min(buffer.length, size - at), at);
    if (bytesRead === 0) return undefined;
    hasher.update(buffer.subarray(0, bytesRead));
    at += bytesRead;
  }
  check?.();
  return hasher;
}
