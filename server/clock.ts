import { Instant } from "../content/instant.ts";

const nanosInMicro = 1000n;

/** The time, to the microsecond: clients compare it with clocks of their own that are finer than a Date. */
export function now(): Instant {
  return new Instant(Number(Temporal.Now.instant().epochNanoseconds / nanosInMicro));
}
