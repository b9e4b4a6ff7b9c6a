import type { FetchProgress } from "../../content/catalog.ts";
import type { Digest } from "../../content/digest.ts";

/** How far a fetch is. */
export interface FetchState {
  /** A blob is missing. @param size bytes */
  wanted(digest: Digest, size: number): void;
  /** So many bytes of it are there. */
  reached(digest: Digest, offset: number): void;
  /** All of it is there. */
  done(digest: Digest): void;
  at(complete: boolean): FetchProgress;
}

/** Nothing is known to be missing yet. */
export function createFetchState(host: string): FetchState {
  const blobs = new Map<Digest, { readonly size: number; offset: number; isDone: boolean }>();
  return {
    wanted(digest, size) {
      if (!blobs.has(digest)) blobs.set(digest, { size, offset: 0, isDone: false });
    },
    reached(digest, offset) {
      const blob = blobs.get(digest);
      if (blob !== undefined) blob.offset = Math.min(offset, blob.size);
    },
    done(digest) {
      const blob = blobs.get(digest);
      if (blob === undefined) return;
      blob.offset = blob.size;
      blob.isDone = true;
    },
    at(complete) {
      const all = [...blobs.values()];
      return {
        host,
        blobsDone: all.filter(({ isDone }) => isDone).length,
        blobs: all.length,
        bytesDone: all.reduce((sum, { offset }) => sum + offset, 0),
        bytes: all.reduce((sum, { size }) => sum + size, 0),
        complete,
      };
    },
  };
}
