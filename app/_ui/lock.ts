"use client";
import { useStore } from "../_live/hooks.ts";
import { createStore } from "../_live/store.ts";
import { announce } from "./announcer.tsx";

/** What a control or a page asks of who is there: to change what is stored; to rule over who may do what; to see who changed what. */
export type Need = "change" | "admin" | "audit";

/** What is not let here, by why, in one sentence; what is let is absent. */
export type Locks = Readonly<Partial<Record<Need, string>>>;

const locks = createStore<Locks>({});

/** What is locked now, on the whole page. */
export const lockStore = locks;

/** Why something is not let here; absent: it is. @param need absent: nothing is needed */
export function useLock(need: Need | undefined): string | undefined {
  const held = useStore(locks);
  return need && held[need];
}

/** Does what is let, and says why it does not do what is not. @param need absent: nothing is needed */
export function unlessLocked(need: Need | undefined, run: () => void): void {
  const why = need && locks.get()[need];
  if (why === undefined) run();
  else tellLock(why, document.activeElement);
}

/** A tip that is shown without being asked for by resting. */
interface TipNow {
  readonly anchor: Element | null;
  readonly text: string;
}

/** The tip that is to be shown now, until it is taken: what shows tips may come after it was told. */
export const toldTipStore = createStore<TipNow | undefined>(undefined);

/** Says why something is locked, where it was wanted. */
export function tellLock(text: string, anchor: Element | null): void {
  announce(text);
  toldTipStore.set({ anchor, text });
}
