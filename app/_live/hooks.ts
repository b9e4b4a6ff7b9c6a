"use client";
import { useCallback, useEffect, useSyncExternalStore } from "react";
import type { BlobQuery, BlobsView, LiveBlobs } from "./blobs.ts";
import { onTick, skewStore } from "./clock.ts";
import type { ConnectionView } from "./connection.ts";
import { streamsStore, viewConnection } from "./connection.ts";
import { pauseStore } from "./pause.ts";
import type { Store } from "./store.ts";

/** The value of a store, now and whenever it changes. */
export function useStore<Value>(store: Store<Value>): Value {
  return useSyncExternalStore(store.subscribe, store.get, store.get);
}

/**
 * A part of a store's value: the component is drawn anew only when that is another.
 *
 * @param choose the same function each time; what it returns is compared as it is, so that it is no new object
 */
export function usePart<Value, Part>(store: Store<Value>, choose: (value: Value) => Part): Part {
  const read = () => choose(store.get());
  return useSyncExternalStore(store.subscribe, read, read);
}

/** The server's time, which moves on in steps of so many milliseconds; the page's one clock drives it. */
export function useServerNow(stepMs: number): number {
  const read = useCallback(() => Math.floor((shownNow() + skewStore.get()) / stepMs) * stepMs, [stepMs]);
  return useSyncExternalStore(onTick, read, read);
}

/** A page that holds still shows the ages of that moment too. */
function shownNow(): number {
  return pauseStore.get().since?.getTime() ?? Date.now();
}

/** The blobs of a query, followed while the component is there. @param query the same object for the same query */
export function useLiveBlobs(live: LiveBlobs, query: BlobQuery | undefined): BlobsView {
  useEffect(() => (query === undefined ? undefined : live.show(query)), [live, query]);
  return useStore(live);
}

function secondsNow(): number {
  return Math.floor(Date.now() / 1000);
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
  useSyncExternalStore(onTick, secondsNow, secondsNow);
  const isOnline = useSyncExternalStore(
    subscribeOnline,
    () => navigator.onLine,
    () => true,
  );
  return viewConnection(streams, Date.now(), isOnline);
}
