import { LRUCache } from "lru-cache";
import type { Digest } from "../../../content/digest.ts";
import type { DocumentKind, ImageDocument } from "../../metadata/catalog/document.ts";
import type { CatalogReads } from "../../metadata/metadata.ts";

/** Bytes of a document that is read; the largest that anybody makes are a hundredth of it. */
const maxBytes = 8 * 1024 * 1024;

/** Names of all documents that are remembered, some 200 bytes each; each document counts as one more. */
const keptNames = 100_000;

/** Documents of images, each read once: what a digest names does not change. */
export interface Documents {
  /** @param size bytes @returns what it names; absent: it is larger than what is read */
  read(digest: Digest, kind: DocumentKind, size: number): Promise<ImageDocument | undefined>;
}

/** None was read yet. */
export function createDocuments(catalog: Pick<CatalogReads, "bytesOf" | "parse">): Documents {
  const known = new LRUCache<string, ImageDocument>({
    maxSize: keptNames,
    sizeCalculation: ({ names }) => names.length + 1,
  });
  return {
    async read(digest, kind, size) {
      if (size > maxBytes) return undefined;
      const key = `${kind} ${digest}`;
      const before = known.get(key);
      if (before !== undefined) return before;
      const bytes = await catalog.bytesOf(digest);
      // They may be there, and right, another time.
      if (bytes === undefined) return { names: [], truncated: false };
      const document = await catalog.parse(bytes, kind);
      known.set(key, document);
      return document;
    },
  };
}
