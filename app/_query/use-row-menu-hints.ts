"use client";
import { useKeyHint } from "../_ui/shortcuts.ts";

/** Lists the keys of a row's menus, which the list knows itself. */
export function useRowMenuHints(): void {
  useKeyHint(".", "All acts of the row", "Acts");
  useKeyHint("f", "Filter by the row", "Rows");
  useKeyHint("F", "Exclude what is like the row", "Rows");
}
