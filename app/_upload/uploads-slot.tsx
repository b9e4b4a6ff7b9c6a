"use client";
import { lazy, Suspense, useEffect } from "react";
import { useStore } from "../_live/hooks.ts";
import { patiently } from "../_ui/popups/patiently.ts";
import { notesKey } from "./notes-key.ts";
import { uploadsWanted } from "./wanted.ts";

const UploadsPanel = lazy(patiently(async () => ({ default: (await import("./panel.tsx")).UploadsPanel })));

/** Where the uploads of this page are shown, whatever else it shows; nothing, and nothing loaded, while there are none. */
export function UploadsSlot() {
  const isWanted = useStore(uploadsWanted);
  useEffect(() => {
    if (localStorage.getItem(notesKey) !== null) uploadsWanted.set(true);
  }, []);
  return (
    isWanted && (
      <Suspense fallback={null}>
        <UploadsPanel />
      </Suspense>
    )
  );
}
