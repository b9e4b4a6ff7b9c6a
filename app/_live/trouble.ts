import { patiently } from "../_ui/popups/patiently.ts";
import { serverNow } from "./clock.ts";
import { createStore } from "./store.ts";
import type { TroubleView } from "./trouble-view.ts";

const none: TroubleView = { leakedLeases: 0, isComplete: true };
const store = createStore<TroubleView>(none);

/** What is in trouble in the chosen namespaces. */
export const troubleStore = store;

/** What a page needs first goes before, in milliseconds. */
const firstAfterMs = 1_500;

const load = patiently(() => import("./look-for-trouble.ts"));

/**
 * Look for trouble now and then, until it is ended.
 *
 * @param namespaces names, or `["*"]`
 * @returns a function that ends it
 */
export function watchTrouble(namespaces: readonly string[]): () => void {
  store.set(none);
  let stop: (() => void) | undefined;
  let isOver = false;
  const begin = async (): Promise<void> => {
    const { lookForTrouble } = await load();
    if (!isOver) stop = lookForTrouble(namespaces, store.set);
  };
  const timer = setTimeout(() => void begin(), firstAfterMs);
  return () => {
    isOver = true;
    clearTimeout(timer);
    stop?.();
  };
}

/** A page that follows the leases knows sooner. @param leakedLeases of the chosen namespaces */
export function tellLeakedLeases(leakedLeases: number): void {
  store.set({ leakedLeases, isComplete: true, lookedAt: new Date(serverNow()) });
}
