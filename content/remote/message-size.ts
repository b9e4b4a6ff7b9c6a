/** How much data a message of a write holds, by how fast the line is. */
export interface MessageSize {
  /** Of the next message, in bytes. */
  readonly bytes: number;
  /** A message was answered. @param ms from its begin to its answer, in milliseconds */
  answered(bytes: number, ms: number): void;
}

/** First, least and most data of a message, in bytes. */
const firstBytes = 1024 * 1024;
const leastBytes = 64 * 1024;
const mostBytes = 4 * 1024 * 1024;

/** What a message may take, in milliseconds: well within the 30 s for which a server holds a ref between two of them. */
const wantedMs = 10_000;

/** Messages that grow to 4 MiB, twofold each, and stay as small as a slow line wants them. */
export function createMessageSize(): MessageSize {
  let size = firstBytes;
  return {
    get bytes() {
      return size;
    },
    answered(bytes, ms) {
      if (bytes === 0) return;
      const fitting = Math.floor((bytes * wantedMs) / Math.max(ms, 1));
      size = Math.max(leastBytes, Math.min(fitting, 2 * size, mostBytes));
    },
  };
}
