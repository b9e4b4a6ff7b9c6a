"use client";
import { useLayoutEffect, useRef } from "react";

/** Names of elements by the keys of the rows that they show. */
export type ElementNames = ReadonlyMap<string, number>;

/**
 * Which elements show the rows: a row keeps its own. Where all that is in sight is replaced, by another order or a jump, the new
 * rows take the elements of those that go: texts change in them, which takes half of what new elements do.
 *
 * @param keys of all rows that are drawn, in order
 * @param inSight those of them that are in sight
 * @param kept key of a row whose element goes with it, since it may have the focus; absent: there is none
 */
export function useElementNames(keys: readonly string[], inSight: ReadonlySet<string>, kept?: string): ElementNames {
  const last = useRef<ElementNames>(new Map());
  const names = elementNames(last.current, keys, inSight, kept);
  useLayoutEffect(() => {
    last.current = names;
  });
  return names;
}

/** As useElementNames. @param before the names until now */
export function elementNames(
  before: ElementNames,
  keys: readonly string[],
  inSight: ReadonlySet<string>,
  kept?: string,
): ElementNames {
  const isReplaced = ![...inSight].some((key) => before.has(key));
  const drawn = new Set(keys);
  const left = isReplaced ? [...before].filter(([key]) => key !== kept && !drawn.has(key)) : [];
  const free = left.map(([, name]) => name);
  let highest = Math.max(0, ...before.values());
  return new Map(keys.map((key) => [key, before.get(key) ?? free.shift() ?? (highest += 1)]));
}
