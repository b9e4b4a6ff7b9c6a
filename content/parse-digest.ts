import type { Algorithm, Digest } from "./digest.ts";
import { digestFault } from "./digest.ts";
import { ContentError } from "./errors.ts";
import { goQuote } from "./quote.ts";

/**
 * A text as a digest.
 *
 * @throws `invalid-argument` "TEXT failed validation", as containerd's service says it; its cause's message is the
 * DigestFault
 */
export function parseDigest(text: string): Digest {
  const fault = digestFault(text);
  if (fault !== undefined) {
    throw new ContentError("invalid-argument", `${goQuote(text)} failed validation`, { cause: new Error(fault) });
  }
  return text as Digest;
}

/** The digest of an algorithm and its hex. @throws as parseDigest */
export function makeDigest(algorithm: Algorithm, hex: string): Digest {
  return parseDigest(`${algorithm}:${hex}`);
}
