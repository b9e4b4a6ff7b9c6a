import type { DocumentKind, Reference } from "../../../content/references.ts";
import { parseDocument as parseReferences } from "../../../content/references.ts";

/** What is remembered of a blob that a document names. */
export type NamedBlob = Omit<Reference, "role" | "about">;

/** What is remembered of a document; nothing of one that is no JSON, or not what its media type says. */
export interface ImageDocument {
  readonly names: readonly NamedBlob[];
  /** What a config is for; absent: it does not say. */
  readonly platform?: string;
  /** True: it names more blobs than are read. */
  readonly truncated: boolean;
}

/** What a document needs, less what it does not say as it should; what it is about is not needed. */
export function parseDocument(bytes: Uint8Array, kind: DocumentKind): ImageDocument {
  const { references, platform, truncated } = parseReferences(bytes, kind);
  const names = references.filter(({ role }) => role !== "subject").map(namedBlob);
  return { names, truncated, ...(platform !== undefined && { platform }) };
}

function namedBlob({ digest, mediaType, size, kind, platform, attests, predicateType }: Reference): NamedBlob {
  return {
    digest,
    mediaType,
    size,
    ...(kind && { kind }),
    ...(platform !== undefined && { platform }),
    ...(attests && { attests }),
    ...(predicateType !== undefined && { predicateType }),
  };
}
