"use client";
import { useMedia } from "./use-media.ts";

/** True below 768 px, where rows are cards of two lines. */
export function useNarrow(): boolean {
  return useMedia("(max-width: 767px)");
}

/** True from 1280 px on, where a panel stands beside the list and not over it. */
export function useWide(): boolean {
  return useMedia("(min-width: 1280px)");
}
