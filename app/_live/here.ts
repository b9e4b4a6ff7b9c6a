import type { Store } from "./store.ts";
import { createStore } from "./store.ts";

/** The store that the parameters of an address name; empty: the server's default one. */
export function storeAt(search: string): string {
  return new URLSearchParams(search).get("store") ?? "";
}

// A page that is built has no address, and the one of a worker's script names no store.
const here = createStore(storeAt(globalThis.location?.search ?? ""));

/**
 * The name of the store that the page shows; empty: the server's default one. It is what is on the screen, and not what the address
 * names: a page that is left is still the one that is clicked on. Who holds rows lets go of them when it changes.
 */
export const hereStore: Store<string> = here;

/** The store that the page shows, as of hereStore. What takes several steps keeps it from its first. */
export function storeHere(): string {
  return here.get();
}

/** From here on the page shows another store. */
export function moveTo(store: string): void {
  here.set(store);
}

/** A path of this server, with the store in its parameters. @param store empty: the server's default one; absent: the page's */
export function storeHref(path: string, store = storeHere()): string {
  if (store === "") return path;
  return `${path}${path.includes("?") ? "&" : "?"}store=${encodeURIComponent(store)}`;
}
