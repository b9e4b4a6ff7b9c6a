import { ContentError } from "../../content/errors.ts";

/** Images whose blobs are fetched at once. */
const mostFetches = 8;

/** Who fetches what: each image once, and a few in all. */
export interface FetchPlaces {
  /** @throws `unavailable` where it is being fetched; `resource-exhausted` where too many are */
  take(image: string): Disposable;
}

/** Nothing is being fetched. */
export function createFetchPlaces(): FetchPlaces {
  const taken = new Set<string>();
  return {
    take(image) {
      if (taken.has(image)) throw new ContentError("unavailable", "what is missing is being fetched already");
      if (taken.size >= mostFetches) {
        throw new ContentError("resource-exhausted", `${mostFetches} images are being fetched, more are not at once`);
      }
      taken.add(image);
      return { [Symbol.dispose]: () => void taken.delete(image) };
    },
  };
}
