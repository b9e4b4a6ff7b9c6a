import { glyphPath } from "./glyph-bars.ts";

const bars = glyphPath([0, 0, 3, 3, 3, 0, 2, 2]);

/** The bars of the product's name, in the colour of the text. */
export function Logo() {
  return (
    <svg viewBox="0 0 24 12" width={24} height={12} fill="currentColor" aria-hidden="true" shapeRendering="crispEdges">
      <path d={bars} />
    </svg>
  );
}
