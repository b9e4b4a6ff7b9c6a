"use client";
import { useRouter } from "next/navigation";
import { useEffect } from "react";
import { useConnection } from "../_live/hooks.ts";
import { pages } from "./pages.ts";

/** A page that is never idle fetches the others after so many milliseconds all the same. */
const idleMs = 1000;

/**
 * The other pages are fetched once this one hears from the server, one whenever it has time: links that fetch at once would hold up its
 * rows, and all pages together the one that somebody goes to meanwhile.
 */
export function useOtherPages(): void {
  const isLive = useConnection().state === "live";
  const { prefetch } = useRouter();
  useEffect(() => {
    if (!isLive) return;
    const left = pages.map(({ path }) => path);
    let end = whenIdle(fetchNext);
    function fetchNext(): void {
      const path = left.shift();
      if (path === undefined) return;
      prefetch(path);
      end = whenIdle(fetchNext);
    }
    return () => end();
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
