import type { ImageRow } from "../../content/catalog.ts";
import { partsOfName } from "../../content/catalog.ts";
import { isDigest } from "../../content/digest.ts";
import type { NamedRow } from "../../content/query.ts";
import { imageStates } from "../../content/query.ts";
import type { CatalogKind } from "../_catalog/kind.ts";
import { liveImages } from "../_live/catalog-live.ts";

/** True for an image of which blobs that it needs are not here. */
export function isIncomplete({ blobsPresent, blobsNeeded }: ImageRow): boolean {
  return blobsPresent < blobsNeeded;
}

/** True for a name without a tag: none at all, or a digest in its place. */
export function isUntagged(name: string): boolean {
  return isDigest(name) || partsOfName(name).tag === "";
}

/** What a query asks of an image. */
export function namedImage(row: ImageRow): NamedRow {
  const { namespace, image, bytes } = row;
  return {
    namespace,
    texts: [image.name, image.target.digest],
    labels: image.labels,
    bytes,
    createdAt: image.createdAt,
    states: [...(isIncomplete(row) ? ["incomplete"] : []), ...(isUntagged(image.name) ? ["untagged"] : [])],
  };
}

/** The page of images. */
export const imageKind: CatalogKind<"images"> = {
  set: "images",
  title: "Images",
  noun: "image",
  live: liveImages,
  namedOf: namedImage,
  nameField: "name",
  states: imageStates,
  sortable: ["name", "tag", "digest", "complete", "size", "unique", "ns", "updated"],
  firstSort: { id: "name", isDescending: false },
  ascendingFirst: new Set(["name", "tag", "digest", "complete", "ns"]),
};
