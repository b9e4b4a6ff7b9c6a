import type { Digest } from "../../../content/digest.ts";
import { algorithmOf } from "../../../content/digest.ts";
import { now } from "../../clock.ts";
import { Hasher } from "../hashing.ts";
import type { Ingest } from "../ingest.ts";
import type { RefLock } from "../ref-locks.ts";
import { blobExists, checkDigest, checkSize, wantedOf } from "../refusals.ts";
import type { WriterBacking } from "../writer.ts";

export interface MemoryBlob {
  readonly bytes: Uint8Array;
  readonly createdAt: Date;
}

export interface MemoryIngest extends Ingest {
  /** Copies of what was written, in its order. */
  chunks: Uint8Array[];
  /** Of whoever opened it last. */
  lock: RefLock;
}

/** The store that a backing is of. */
interface Home {
  readonly blobs: Map<Digest, MemoryBlob>;
  drop(ingest: MemoryIngest): void;
  /** The writer holds nothing any more. */
  closed(): void;
}

/** @param started stands at the ingest's offset */
export function createMemoryBacking(ingest: MemoryIngest, started: Hasher, home: Home): WriterBacking {
  const { lock } = ingest;
  let hasher = started;

  function digestBy(expected: Digest | undefined): Digest {
    if (expected === undefined || algorithmOf(expected) === hasher.algorithm) return hasher.digest();
    const other = new Hasher(algorithmOf(expected));
    for (const chunk of ingest.chunks) other.update(chunk);
    return other.digest();
  }

  return {
    ingest,
    async append(piece) {
      ingest.chunks.push(Buffer.from(piece));
      hasher.update(piece);
      ingest.offset += piece.length;
      ingest.updatedAt = now();
    },
    async clear() {
      ingest.chunks = [];
      hasher = new Hasher(hasher.algorithm);
      ingest.offset = 0;
    },
    digest: () => hasher.digest(),
    async publish(options) {
      const wanted = wantedOf(options, ingest);
      checkSize(wanted, ingest.offset);
      const digest = digestBy(wanted.expected);
      checkDigest(wanted, digest);
      const exists = home.blobs.has(digest);
      if (!exists) home.blobs.set(digest, { bytes: Buffer.concat(ingest.chunks), createdAt: now() });
      home.drop(ingest);
      if (exists) throw blobExists(digest);
      return digest;
    },
    async close() {
      lock.release();
      home.closed();
    },
  };
}
