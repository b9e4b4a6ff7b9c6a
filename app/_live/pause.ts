import { hereStore } from "./here.ts";
import { createStore } from "./store.ts";

/** Whether the page holds still. */
export interface Pause {
  /** Since when; absent while changes are shown as they come. */
  readonly since?: Date;
  /** Changes that came since and wait. */
  readonly waiting: number;
}

const store = createStore<Pause>({ waiting: 0 });
// Nothing of another store is on the screen to be held.
hereStore.subscribe(() => store.set({ waiting: 0 }));

/** Whether the page holds still: every set shows what it showed at that moment. */
export const pauseStore = store;

/** True while the page holds still. */
export function isPaused(): boolean {
  return store.get().since !== undefined;
}

/** So many changes came while the page holds still. */
export function addWaiting(changes: number): void {
  const { since, waiting } = store.get();
  if (since !== undefined && changes > 0) store.set({ since, waiting: waiting + changes });
}

/** Hold still, or go on and show all that waited. */
export function togglePause(): void {
  store.set(isPaused() ? { waiting: 0 } : { since: new Date(), waiting: 0 });
}
