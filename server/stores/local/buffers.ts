/** Bytes of one chunk of a read. */
export const chunkBytes = 256 * 1024;

/** Buffers that are kept for the next read; more than that are left to the collector. */
const keptBuffers = 64;

const free: Buffer[] = [];

/** A buffer for so many bytes, one chunk at most; give it back when nobody reads it any more. */
export function takeBuffer(bytes: number): Buffer {
  if (bytes < chunkBytes / 4) return Buffer.allocUnsafe(bytes);
  return free.pop() ?? Buffer.allocUnsafeSlow(chunkBytes);
}

export function giveBuffer(buffer: Buffer): void {
  if (buffer.length === chunkBytes && free.length < keptBuffers) free.push(buffer);
}
