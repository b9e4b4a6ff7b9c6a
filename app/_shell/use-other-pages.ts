"use client";
import { useRouter } from "next/navigation";
import { useEffect } from "react";
import { useConnection } from "../_live/hooks.ts";
import { pages } from "./pages.ts";

/** A page that is never idle fetches the others after so many milliseconds all the same. */
const idleMs = 1000;

/** The other pages are fetched once this one hears from the server and has time: links that fetch at once would hold up its rows. */
export function useOtherPages(): void {
  const isLive = useConnection().state === "live";
  const { prefetch } = useRouter();
  useEffect(() => {
    if (!isLive) return;
    return whenIdle(() => {
      for (const { path } of pages) prefetch(path);
    });
  }, [isLive, prefetch]);
}

/** @returns a function that ends the wait */
function whenIdle(run: () => void): () => void {
  // Safari has no idle callbacks.
  if (typeof requestIdleCallback !== "function") {
    const timer = setTimeout(run, idleMs);
    return () => clearTimeout(timer);
  }
  const handle = requestIdleCallback(run, { timeout: idleMs });
  return () => cancelIdleCallback(handle);
}
