import type { RepositoryRow } from "../../../content/catalog.ts";
import type { Digest } from "../../../content/digest.ts";

/** What the images of a repository need together, kept with every change so that no row has to be counted. */
export interface Repository {
  readonly namespace: string;
  readonly name: string;
  /** Its images; the trees that they stand for follow, each once. */
  images: number;
  /** A tree needs these. @param sizeOf bytes; 0 for what is not there */
  add(needed: readonly Digest[], sizeOf: (digest: Digest) => number): void;
  /** It does not any more. @param needed as it was added */
  remove(needed: readonly Digest[], sizeOf: (digest: Digest) => number): void;
  /** A blob came or went. @param grown bytes that are there more than before */
  resize(digest: Digest, grown: number): void;
  row(): RepositoryRow;
}

/** A repository without images. */
export function createRepository(namespace: string, name: string): Repository {
  /** How many trees need a blob. */
  const counts = new Map<Digest, number>();
  let bytes = 0;
  /** Of all trees, each by itself. */
  let sum = 0;
  return {
    namespace,
    name,
    images: 0,
    add(needed, sizeOf) {
      for (const digest of needed) {
        const before = counts.get(digest) ?? 0;
        const size = sizeOf(digest);
        counts.set(digest, before + 1);
        sum += size;
        if (before === 0) bytes += size;
      }
    },
    remove(needed, sizeOf) {
      for (const digest of needed) {
        const after = (counts.get(digest) ?? 1) - 1;
        const size = sizeOf(digest);
        sum -= size;
        if (after === 0) bytes -= size;
        if (after === 0) counts.delete(digest);
        else counts.set(digest, after);
      }
    },
    resize(digest, grown) {
      const count = counts.get(digest) ?? 0;
      sum += count * grown;
      if (count > 0) bytes += grown;
    },
    row() {
      return { namespace, repository: name, images: this.images, bytes, overlapBytes: sum - bytes };
    },
  };
}
