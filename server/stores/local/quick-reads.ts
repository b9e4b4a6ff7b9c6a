import { readSync } from "node:fs";

/** Longest read that is made at once, in bytes: what the page cache hands over in a few microseconds. */
const quickBytes = 64 * 1024;

/** A read that took longer came from a disk, in milliseconds. */
const slowMs = 2;

/** How long reads are left to the pool after a slow one, in milliseconds. */
const pauseMs = 500;

/**
 * Short reads without a way through the thread pool, which costs several times what the read of a cached page does. Nothing tells
 * beforehand whether a page is cached, so that a cold one holds up the event loop once; then reads go through the pool for a while.
 */
export interface QuickReads {
  /** Read into all of the buffer. @returns bytes read; absent where the read is one for the pool @throws errors of the system */
  read(fd: number, buffer: Buffer, position: number): number | undefined;
}

export function createQuickReads(): QuickReads {
  let pausedUntil = 0;
  return {
    read(fd, buffer, position) {
      if (buffer.length > quickBytes) return undefined;
      const begun = performance.now();
      if (begun < pausedUntil) return undefined;
      const bytes = readSync(fd, buffer, 0, buffer.length, position);
      const ended = performance.now();
      if (ended - begun > slowMs) pausedUntil = ended + pauseMs;
      return bytes;
    },
  };
}
