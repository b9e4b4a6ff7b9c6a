import type { Store } from "./store.ts";
import { createStore } from "./store.ts";

const store = createStore(false);
const signIns = createStore(0);

/** True once a call was refused because nobody is signed in, until somebody is. */
export const signedOutStore: Store<boolean> = store;

/** How often somebody signed in again since the page was opened: what was refused is asked anew with each. */
export const signInsStore: Store<number> = signIns;

/** A call was refused because nobody is signed in. */
export function tellSignedOut(): void {
  store.set(true);
}

/** Somebody is signed in again. */
export function tellSignedIn(): void {
  if (!store.get()) return;
  store.set(false);
  signIns.set(signIns.get() + 1);
}
