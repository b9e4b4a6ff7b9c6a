import type { Digest } from "../../content/digest.ts";
import { hexOf } from "../../content/digest.ts";

/** Bars of a digest's glyph. */
const bars = 8;

/**
 * The heights of a digest's glyph, 0 to 3 each: its first 16 bits, two a bar. Equal digests look equal; others look
 * equal once in 65,536.
 */
export function glyphHeights(digest: Digest): readonly number[] {
  const bits = Number.parseInt(hexOf(digest).slice(0, 4), 16);
  return Array.from({ length: bars }, (_, bar) => (bits >> (2 * (bars - 1 - bar))) & 3);
}

/** Bars of these heights as a path in a box of 24 × 12. */
export function glyphPath(heights: readonly number[]): string {
  return heights.map((height, bar) => `M${bar * 3} ${9 - height * 3}h2v${height * 3 + 3}h-2z`).join("");
}
