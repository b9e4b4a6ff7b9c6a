"use client";
import { useCallback, useEffect, useSyncExternalStore } from "react";
import type { BlobQuery, BlobsView, LiveBlobs } from "./blobs.ts";
import { onTick, serverNow } from "./clock.ts";
import type { ConnectionView } from "./connection.ts";
import { streamsStore, viewConnection } from "./connection.ts";
import type { Store } from "./store.ts";

/** The value of a store, now and whenever it changes. */
export function useStore<Value>(store: Store<Value>): Value {
  return useSyncExternalStore(store.subscribe, store.get, store.get);
}

/** The server's time, which moves on in steps of so many milliseconds; the page's one clock drives it. */
export function useServerNow(stepMs: number): number {
  const read = useCallback(() => Math.floor(serverNow() / stepMs) * stepMs, [stepMs]);
  return useSyncExternalStore(onTick, read, read);
}

/** The blobs of a query, followed while the component is there. @param query the same object for the same query */
export function useLiveBlobs(live: LiveBlobs, query: BlobQuery | undefined): BlobsView {
  useEffect(() => (query === undefined ? undefined : live.show(query)), [live, query]);
  return useStore(live);
}

function subscribeOnline(listener: () => void): () => void {
  window.addEventListener("online", listener);
  window.addEventListener("offline", listener);
  return () => {
    window.removeEventListener("online", listener);
    window.removeEventListener("offline", listener);
  };
}

/** Where the connection stands, told anew every second. */
export function useConnection(): ConnectionView {
  const streams = useStore(streamsStore);
  useServerNow(1000);
  const isOnline = useSyncExternalStore(
    subscribeOnline,
    () => navigator.onLine,
    () => true,
  );
  return viewConnection(streams, Date.now(), isOnline);
}
