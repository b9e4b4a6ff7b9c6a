"use client";
import { hereStore, storeHere } from "./here.ts";
import { useStore } from "./hooks.ts";
import type { ServerView } from "./server.ts";
import { serverStore } from "./server.ts";
import type { StoresView } from "./stores.ts";
import { factsOf, storesStore } from "./stores.ts";

/**
 * The socket where `ctr` sees a store: the server's own for its default one, a containerd's for one that mirrors that.
 *
 * @param store empty: the server's default one
 * @returns an absolute path; undefined where `ctr` does not reach the store, or it is not known yet
 */
export function socketOf({ facts }: ServerView, stores: StoresView, store: string): string | undefined {
  const here = factsOf(stores, store);
  if (store === "" || here?.isDefault) return facts?.sockets[0];
  return here?.plugin === "containerd" ? /^(?:unix:(?:\/\/)?)?(\/.+)$/.exec(here.target)?.[1] : undefined;
}

/** The socket where `ctr` sees the store that the page shows now; as of socketOf. */
export function socketHere(): string | undefined {
  return socketOf(serverStore.get(), storesStore.get(), storeHere());
}

/** As socketHere, followed. */
export function useSocket(): string | undefined {
  return socketOf(useStore(serverStore), useStore(storesStore), useStore(hereStore));
}
