import type { BufferPool } from "../../buffer-pool.ts";
import { createBufferPool } from "../../buffer-pool.ts";

/** Bytes of one chunk of a read. */
export const chunkBytes = 256 * 1024;

/** The smallest first: more than containerd reads in one call, and a whole chunk. 20 MiB are kept at most. */
const pools: readonly BufferPool[] = [createBufferPool(64 * 1024, 64), createBufferPool(chunkBytes, 64)];

/** Reads below this are made in memory that node:buffer shares between many. */
const smallBytes = 4 * 1024;

/** A buffer for so many bytes, one chunk at most, that may be longer; give it back when nobody reads it any more. */
export function takeBuffer(bytes: number): Buffer {
  const pool = bytes < smallBytes ? undefined : pools.find((one) => bytes <= one.bytes);
  return pool?.take() ?? Buffer.allocUnsafe(bytes);
}

export function giveBuffer(buffer: Buffer): void {
  pools.find(({ bytes }) => bytes === buffer.length)?.give(buffer);
}
