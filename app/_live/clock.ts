import { createStore } from "./store.ts";

const skew = createStore(0);

/** Differences below this are the way's, not the clock's. */
const noiseMs = 250;

/** How far the server's clock is ahead of this one, in milliseconds; 0 until the server told its time. */
export const skewStore = skew;

/** The server told its time. @param at when that was, by this machine's clock; absent: just now */
export function hearServerTime(serverTime: Date, at = new Date()): void {
  const difference = serverTime.getTime() - at.getTime();
  if (Math.abs(difference - skew.get()) > noiseMs) skew.set(difference);
}

/** The server's clock, as far as it is known, in milliseconds since 1970. */
export function serverNow(): number {
  return Date.now() + skew.get();
}

const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

/** Calls once a second while anybody listens: one timer for the whole page. @returns a function that ends it */
export function onTick(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    for (const each of listeners) each();
  }, 1000);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}
