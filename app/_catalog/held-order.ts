/**
 * Lines in an order of keys that was shown before: what is new comes last, what is gone is left out. Nothing moves under a
 * pointer.
 */
export function inHeldOrder<Line extends { readonly key: string }>(
  lines: readonly Line[],
  order: readonly string[],
): readonly Line[] {
  const places = new Map(order.map((key, place) => [key, place]));
  const placeOf = ({ key }: Line) => places.get(key) ?? order.length;
  return lines.toSorted((a, b) => placeOf(a) - placeOf(b));
}
