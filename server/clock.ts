import { Instant } from "../content/instant.ts";

/** Milliseconds since 1970 at which the monotonic clock was 0; follows the wall clock where that is set anew. */
let origin = performance.timeOrigin;

/**
 * The time, to the microsecond: clients compare it with clocks of their own that are finer than a Date. It is the wall
 * clock's, never off by more than the millisecond that Date.now() tells.
 */
export function now(): Instant {
  const elapsed = performance.now();
  const milliseconds = Date.now();
  const early = milliseconds - (origin + elapsed);
  if (early > 0) origin += early;
  else if (early < -1) origin += early + 1;
  return new Instant(Math.floor((origin + elapsed) * 1000));
}
