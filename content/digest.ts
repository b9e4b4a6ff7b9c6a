import { utf8Length } from "./utf8.ts";

/** A digest that was parsed: `algorithm:hex`, safe as a part of a path. Only this file makes one. */
export type Digest = string & { readonly __digest: unique symbol };

/** The algorithms that blobs can be named by (OCI image-spec descriptor.md). */
export type Algorithm = "sha256" | "sha384" | "sha512";

/** Length of each algorithm's hex part, in characters. */
export const hexLength: Readonly<Record<Algorithm, number>> = { sha256: 64, sha384: 96, sha512: 128 };

/** All algorithms, the default first. */
export const algorithms = Object.keys(hexLength) as readonly Algorithm[];

/** Why a text is no digest, in the words of go-digest (digest.go). */
export type DigestFault =
  | "invalid checksum digest format"
  | "unsupported digest algorithm"
  | "invalid checksum digest length";

/** What a digest of any algorithm looks like (OCI image-spec descriptor.md, go-digest's DigestRegexp). */
const anyDigest = /^[a-z0-9]+(?:[.+_-][a-z0-9]+)*:[a-zA-Z0-9=_-]+$/;

/** A whole digest, as nearly all are: one look finds nothing wrong with it. */
const wholeDigest = new RegExp(`^(?:${algorithms.map((name) => `${name}:[a-f0-9]{${hexLength[name]}}`).join("|")})$`);

/** A longer text is no digest, and no regular expression is run on it. */
const maxDigestLength = 1024;

/** Why a text is no digest; absent when it is one. */
export function digestFault(text: string): DigestFault | undefined {
  if (wholeDigest.test(text)) return undefined;
  const colon = text.indexOf(":");
  if (colon <= 0 || colon + 1 === text.length || text.length > maxDigestLength) return "invalid checksum digest format";
  const algorithm = text.slice(0, colon);
  const hex = text.slice(colon + 1);
  if (!isAlgorithm(algorithm)) {
    return anyDigest.test(text) ? "unsupported digest algorithm" : "invalid checksum digest format";
  }
  if (utf8Length(hex) !== hexLength[algorithm]) return "invalid checksum digest length";
  return /^[a-f0-9]+$/.test(hex) ? undefined : "invalid checksum digest format";
}

/** True for sha256, sha384 and sha512. */
export function isAlgorithm(text: string): text is Algorithm {
  return Object.hasOwn(hexLength, text);
}

/** True for a whole digest: a supported algorithm and all of its hex, in lower case. */
export function isDigest(text: string): text is Digest {
  return digestFault(text) === undefined;
}

/** What a digest was made with. */
export function algorithmOf(digest: Digest): Algorithm {
  return digest.slice(0, digest.indexOf(":")) as Algorithm;
}

/** A digest's hex, in lower case. */
export function hexOf(digest: Digest): string {
  return digest.slice(digest.indexOf(":") + 1);
}
