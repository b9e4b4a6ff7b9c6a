import type { Digest } from "../../content/digest.ts";
import styles from "./digest.module.css";
import { glyphHeights, glyphPath } from "./glyph-bars.ts";

/** Bars for a digest that is not known yet. */
const flat = Array.from({ length: 8 }, (_, bar) => `M${bar * 3} 11h2v1h-2z`).join("");

/** The bars by which a digest is known again across tables; a flat line where there is none. */
export function Glyph({
  digest,
  isLarge = false,
}: {
  readonly digest?: Digest | undefined;
  readonly isLarge?: boolean;
}) {
  const path = digest === undefined ? flat : glyphPath(glyphHeights(digest));
  return (
    <svg className={isLarge ? styles.largeGlyph : styles.glyph} viewBox="0 0 24 12" aria-hidden="true">
      <path d={path} />
    </svg>
  );
}
