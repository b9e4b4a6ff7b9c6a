/** Milliseconds until a moment, in whole seconds. */
export function untilMs(date: Date): number {
  return Math.max(0, Math.ceil((date.getTime() - Date.now()) / 1000) * 1000);
}
