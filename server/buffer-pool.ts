/**
 * Buffers of one size that are used again. Bytes that come and go would be work for the collector otherwise: V8 counts them as memory
 * in use, and looks through all of its own each time some 30 MiB of them were made.
 */
export interface BufferPool {
  /** Bytes of each buffer. */
  readonly bytes: number;
  /** A buffer that holds anything; one that is never given back is left to the collector. */
  take(): Buffer;
  /** Give a buffer back once nobody reads it any more, and once only: it is somebody else's at once. */
  give(buffer: Buffer): void;
}

/** @param kept buffers that wait for the next use at most; more than that are left to the collector */
export function createBufferPool(bytes: number, kept: number): BufferPool {
  const free: Buffer[] = [];
  return {
    bytes,
    take: () => free.pop() ?? Buffer.allocUnsafeSlow(bytes),
    give(buffer) {
      if (free.length < kept) free.push(buffer);
    },
  };
}
