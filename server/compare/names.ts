import type { ComparedImages, OtherDigest } from "../../content/compare/report.ts";
import type { Image } from "../../content/image.ts";
import type { Side } from "./side.ts";
import { namingErrors } from "./side.ts";
import { catalogOf, ifImplemented } from "./side-catalog.ts";

/** An image, and the namespace that it was found in. */
export interface NamedImage {
  readonly namespace: string;
  readonly image: Image;
}

/** The images of a side, by their names; absent: it does not tell them. */
export type SideImages = ReadonlyMap<string, NamedImage> | undefined;

/**
 * The images of a side by their names: where its namespaces differ about one, the first counts. Absent where the store does not tell
 * them.
 */
export async function imagesOf(side: Side, signal: AbortSignal): Promise<SideImages> {
  const catalog = catalogOf(side.store);
  const found = new Map<string, NamedImage>();
  for (const namespace of side.namespaces) {
    const images = await ifImplemented(namingErrors(side.label, () => catalog.images(namespace, signal)));
    if (images === undefined) return undefined;
    for (const image of images) if (!found.has(image.name)) found.set(image.name, { namespace, image });
  }
  return found;
}

/** What two sides' names have and have not of each other. */
export interface ComparedNames {
  readonly counts: ComparedImages;
  /** In the order of names. */
  readonly otherDigests: readonly OtherDigest[];
}

/** Absent where a side does not tell its images. */
export function compareNames(ofA: SideImages, ofB: SideImages): ComparedNames | undefined {
  if (ofA === undefined || ofB === undefined) return undefined;
  const shared = [...ofA].flatMap(([name, one]) => {
    const other = ofB.get(name);
    return other === undefined ? [] : [{ name, a: placeOf(one), b: placeOf(other) }];
  });
  const otherDigests = shared.filter((each) => each.a.digest !== each.b.digest);
  otherDigests.sort((one, other) => (one.name < other.name ? -1 : 1));
  const counts = {
    otherDigests: otherDigests.length,
    onlyA: ofA.size - shared.length,
    onlyB: ofB.size - shared.length,
  };
  return { counts, otherDigests };
}

function placeOf({ namespace, image }: NamedImage): OtherDigest["a"] {
  return { namespace, digest: image.target.digest };
}
