"use client";
import { useEffect, useRef, useState } from "react";

/** Takes files that are dropped anywhere in the window, while the component is there. @returns true while some are held over it */
export function useFileDrop(onDrop: (files: readonly File[], folders: number) => void): boolean {
  const [isOver, setOver] = useState(false);
  const latest = useRef(onDrop);
  useEffect(() => {
    latest.current = onDrop;
  });
  useEffect(() => {
    const end = new AbortController();
    const { signal } = end;
    function onDrag(event: DragEvent): void {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = "copy";
      setOver(true);
    }
    window.addEventListener("dragover", onDrag, { signal });
    // Only what leaves the window has nothing that it goes to.
    window.addEventListener("dragleave", (event) => event.relatedTarget === null && setOver(false), { signal });
    window.addEventListener(
      "drop",
      (event) => {
        setOver(false);
        if (!event.dataTransfer?.types.includes("Files")) return;
        event.preventDefault();
        const items = [...event.dataTransfer.items].filter(({ kind }) => kind === "file");
        const files = items.filter((item) => item.webkitGetAsEntry()?.isDirectory !== true);
        latest.current(
          files.flatMap((item) => item.getAsFile() ?? []),
          items.length - files.length,
        );
      },
      { signal },
    );
    return () => end.abort();
  }, []);
  return isOver;
}
