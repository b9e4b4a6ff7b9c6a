import { createStore } from "../_live/store.ts";

/** True while the page asks who is there, in a dialog over itself. */
export const askingStore = createStore(false);
