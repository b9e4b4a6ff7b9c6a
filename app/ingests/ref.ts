import type { Digest } from "../../content/digest.ts";
import { isDigest } from "../../content/digest.ts";

/** A ref as people read it: what is before a digest, and the digest. */
export interface RefParts {
  readonly prefix: string;
  readonly digest?: Digest;
}

/** A digest at the end of a ref, as containerd's clients name theirs: `layer-sha256:…`. */
const digestAtEnd = /(?:sha256|sha384|sha512):[a-f0-9]+$/;

/** The parts of a ref; all of it is the prefix where it does not end with a digest. */
export function partsOfRef(ref: string): RefParts {
  const digest = digestAtEnd.exec(ref)?.[0];
  if (digest === undefined || !isDigest(digest)) return { prefix: ref };
  return { prefix: ref.slice(0, -digest.length), digest };
}
