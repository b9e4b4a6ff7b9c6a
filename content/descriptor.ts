import { ContentError } from "./errors.ts";
import { parseDigest } from "./parse-digest.ts";
import type { Descriptor } from "./store.ts";

/**
 * A declared size in bytes; absent for 0 and below, which mean unknown.
 *
 * @throws `invalid-argument` for one that is no safe integer
 */
export function declaredSize(size: number | undefined): number | undefined {
  if (size === undefined || size <= 0) return undefined;
  if (!Number.isSafeInteger(size)) throw new ContentError("invalid-argument", `size ${size} out of range`);
  return size;
}

/**
 * What a caller declares of a blob: an empty digest and a size of 0 or below mean unknown and are left out.
 *
 * @param digest as a text, such as the `expected` of a Write
 * @param size bytes, such as its `total`
 * @throws `invalid-argument` for a digest that does not parse, or a size that is no safe integer
 */
export function parseDescriptor(digest: string | undefined, size?: number): Descriptor {
  const known = declaredSize(size);
  return {
    ...(digest && { digest: parseDigest(digest) }),
    ...(known !== undefined && { size: known }),
  };
}
