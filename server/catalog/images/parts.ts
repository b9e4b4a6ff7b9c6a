import type { Missing } from "../../../content/catalog.ts";
import type { Digest } from "../../../content/digest.ts";
import type { Image } from "../../../content/image.ts";
import type { NamedBlob } from "../../metadata/catalog/document.ts";
import type { CatalogReads } from "../../metadata/metadata.ts";
import { createDocuments, documentsIn } from "./documents.ts";
import { rootOf } from "./tree.ts";
import type { WalkedPlatform } from "./walk.ts";
import { walkImage } from "./walk.ts";

/** A blob that an image needs, as what leads to it names it. */
export interface ImagePart extends Pick<NamedBlob, "digest" | "mediaType" | "kind" | "attests"> {
  /** Bytes that it has; of one that is not there, what names it says, 0 where it does not. */
  readonly size: number;
  readonly isThere: boolean;
}

/** What an image needs, at one moment. */
export interface ImageParts {
  /** Each once, the target first; see ImageRow in proto/stowage/v1/catalog.proto. */
  readonly parts: readonly ImagePart[];
  readonly platforms: readonly WalkedPlatform[];
  /** True: it leads to more. */
  readonly truncated: boolean;
}

/** Blobs of which it is told that they are missing. */
const mostMissing = 100;

/** Platforms of a missing blob that are told. */
const mostPlatforms = 10;

/** Find what an image needs, as the walk that counts its rows does. */
export async function partsOf(
  catalog: Pick<CatalogReads, "sizeOf" | "bytesOf" | "parse">,
  namespace: string,
  image: Image,
): Promise<ImageParts> {
  const blobs = new Map<Digest, NamedBlob>();
  const source = documentsIn(namespace, catalog, createDocuments(catalog));
  const found = (blob: NamedBlob) => void blobs.set(blob.digest, blobs.get(blob.digest) ?? blob);
  const { platforms, truncated } = await walkImage(rootOf(image), source, { found });
  const parts = [...blobs.values()].map(({ digest, mediaType, kind, attests, size }): ImagePart => {
    const stored = catalog.sizeOf(namespace, digest);
    const named = { digest, mediaType, ...(kind && { kind }), ...(attests && { attests }) };
    return { ...named, size: stored ?? size, isThere: stored !== undefined };
  });
  return { parts, platforms, truncated };
}

/** What of an image is not there. */
export function missingOf({ parts, platforms, truncated }: ImageParts): Missing {
  const missing = parts.filter(({ isThere }) => !isThere);
  const needed = platforms.map((each) => ({ platform: each.platform, digests: new Set(each.needed) }));
  const blobs = missing.slice(0, mostMissing).map(({ digest, mediaType, size }) => ({
    digest,
    mediaType,
    size,
    platforms: needed.flatMap(({ platform, digests }) => (digests.has(digest) ? platform : [])).slice(0, mostPlatforms),
  }));
  return { blobs, count: missing.length, truncated };
}
