"use client";
import { useEffect, useMemo, useRef } from "react";
import { inHeldOrder } from "./held-order.ts";

/**
 * Lines in an order that does not move while somebody points at it.
 *
 * @param isHeld true: nothing moves; what is new comes last
 * @param identity another text: another list, whose order begins anew
 */
export function useHeldLines<Line extends { readonly key: string }>(
  lines: readonly Line[],
  isHeld: boolean,
  identity: string,
): readonly Line[] {
  const order = useRef<{ readonly keys: readonly string[]; readonly identity: string }>({ keys: [], identity });
  const held = useMemo(() => {
    const last = order.current;
    const isSame = last.identity === identity && last.keys.length > 0;
    return isHeld && isSame ? inHeldOrder(lines, last.keys) : lines;
  }, [lines, isHeld, identity]);
  useEffect(() => {
    order.current = { keys: held.map(({ key }) => key), identity };
  }, [held, identity]);
  return held;
}
