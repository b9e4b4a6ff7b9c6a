"use client";
import { useEffect } from "react";

/** A file that is dropped where nothing takes it would be shown in the place of the page, and end its uploads. */
export function useNoStrayDrops(): void {
  useEffect(() => {
    const end = new AbortController();
    function refuse(event: DragEvent): void {
      if (event.defaultPrevented || !event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = "none";
    }
    window.addEventListener("dragover", refuse, { signal: end.signal });
    window.addEventListener("drop", refuse, { signal: end.signal });
    return () => end.abort();
  }, []);
}
