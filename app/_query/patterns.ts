"use client";
import { use, useEffect, useMemo } from "react";
import { patternsOf } from "../../content/query.ts";
import { useStore } from "../_live/hooks.ts";
import { compilerStore, loadPatterns } from "./compiler.ts";

/** True once the patterns of a text can be compiled: at once for a text without any. */
export function useCanCompile(text: string): boolean {
  const isLoaded = useStore(compilerStore) !== undefined;
  const isNeeded = useHasPatterns(text);
  useEffect(() => {
    if (isNeeded) void loadPatterns();
  }, [isNeeded]);
  return isLoaded || !isNeeded;
}

/** Suspends a component until the patterns of a text can be compiled. */
export function usePatterns(text: string): void {
  const isNeeded = useHasPatterns(text);
  // Asked for also once it is there: a component that waited is drawn again from here, by the same hooks.
  if (isNeeded) use(loadPatterns());
}

function useHasPatterns(text: string): boolean {
  return useMemo(() => patternsOf(text).length > 0, [text]);
}
