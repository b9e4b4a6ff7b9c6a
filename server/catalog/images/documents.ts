import { LRUCache } from "lru-cache";
import type { Digest } from "../../../content/digest.ts";
import type { DocumentKind } from "../../../content/references.ts";
import { documentLimits } from "../../../content/references.ts";
import type { ImageDocument } from "../../metadata/catalog/document.ts";
import type { CatalogReads } from "../../metadata/metadata.ts";
import type { DocumentSource } from "./walk.ts";

/** Names of all documents that are remembered, some 300 bytes each; each document counts as one more. */
const keptNames = 100_000;

/** Documents of images, each read once: what a digest names does not change. */
export interface Documents {
  /** @param size bytes @returns what it names; absent: it is larger than what is read */
  read(digest: Digest, kind: DocumentKind, size: number): Promise<ImageDocument | undefined>;
}

/** Where a walk finds the documents of a namespace. */
export function documentsIn(
  namespace: string,
  catalog: Pick<CatalogReads, "sizeOf">,
  documents: Documents,
): DocumentSource {
  const sizeOf = (digest: Digest) => catalog.sizeOf(namespace, digest);
  return {
    has: (digest) => sizeOf(digest) !== undefined,
    read: (digest, kind) => documents.read(digest, kind, sizeOf(digest) ?? 0),
  };
}

/** None was read yet. */
export function createDocuments(catalog: Pick<CatalogReads, "bytesOf" | "parse">): Documents {
  const known = new LRUCache<string, ImageDocument>({
    maxSize: keptNames,
    sizeCalculation: ({ names }) => names.length + 1,
  });
  return {
    async read(digest, kind, size) {
      if (size > documentLimits.bytes) return undefined;
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
