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

/**
 * Calls once a second while anybody listens and the page is in sight, and at once when it comes into sight: one timer for
 * the whole page.
 *
 * @returns a function that ends it
 */
export function onTick(listener: () => void): () => void {
  if (listeners.size === 0) document.addEventListener("visibilitychange", onVisibility);
  listeners.add(listener);
  start();
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    document.removeEventListener("visibilitychange", onVisibility);
    stop();
  };
}

function onVisibility(): void {
  if (document.visibilityState === "hidden") return stop();
  tick();
  start();
}

function tick(): void {
  for (const each of listeners) each();
}

function start(): void {
  if (document.visibilityState !== "hidden") timer ??= setInterval(tick, 1000);
}

function stop(): void {
  clearInterval(timer);
  timer = undefined;
}
