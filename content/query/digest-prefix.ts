import type { Algorithm, Digest } from "../digest.ts";
import { algorithms, hexLength, hexOf } from "../digest.ts";
import type { DigestPrefix } from "./ast.ts";

/** Digits of hex from which on a free word is taken for the beginning of a digest. */
const minWordDigits = 6;

const prefix = /^(?:(sha256|sha384|sha512):)?([0-9a-f]*)$/;

/** The beginning of a digest: hex of any case, an algorithm before it or not; absent for what begins none. */
export function parseDigestPrefix(text: string): DigestPrefix | undefined {
  const match = prefix.exec(text.toLowerCase());
  if (!match) return undefined;
  const algorithm = algorithms.find((name) => name === match[1]);
  const hex = match[2] ?? "";
  if (algorithm === undefined && hex === "") return undefined;
  const parsed: DigestPrefix = { kind: "prefix", ...(algorithm && { algorithm }), hex };
  return algorithmsOf(parsed).length > 0 ? parsed : undefined;
}

/** As parseDigestPrefix, for a free word: at least 6 digits of hex. */
export function parseDigestWord(text: string): DigestPrefix | undefined {
  const parsed = parseDigestPrefix(text);
  return parsed && isDigestWord(parsed) ? parsed : undefined;
}

/** True for a beginning of a digest that can be said by a free word. */
export function isDigestWord({ hex }: DigestPrefix): boolean {
  return hex.length >= minWordDigits;
}

/** The beginning of a digest as it is typed. */
export function formatDigestPrefix({ algorithm, hex }: DigestPrefix): string {
  return algorithm === undefined ? hex : `${algorithm}:${hex}`;
}

/** The beginnings that a digest may have, each with its algorithm. */
export function textsOfPrefix(begin: DigestPrefix): readonly string[] {
  return algorithmsOf(begin).map((algorithm) => `${algorithm}:${begin.hex}`);
}

/** True for a digest that begins so. */
export function beginsWith(digest: Digest, { algorithm, hex }: DigestPrefix): boolean {
  return algorithm === undefined ? hexOf(digest).startsWith(hex) : digest.startsWith(`${algorithm}:${hex}`);
}

function algorithmsOf({ algorithm, hex }: DigestPrefix): readonly Algorithm[] {
  const named = algorithm === undefined ? algorithms : [algorithm];
  return named.filter((name) => hex.length <= hexLength[name]);
}
