import { uptime } from "node:os";
import { now } from "../clock.ts";

/** The clocks of a machine. */
export interface Clocks {
  /** Microseconds since 1970; it can be set, and be wrong. */
  wallMicros(): number;
  /** Milliseconds since the machine began, asleep or not; nobody sets it. */
  uptimeMs(): number;
}

/** Those of this machine. */
export const machineClocks: Clocks = {
  wallMicros: () => now().micros,
  uptimeMs: () => uptime() * 1000,
};

/** Times in milliseconds. */
export const leapTimes = {
  /** What a clock that is only set right may be ahead. */
  ordinary: 3_600_000,
  /** How long a clock has to go on evenly after a leap until it is believed. */
  doubt: 24 * 3_600_000,
} as const;

/** What is known of the time at the start, and who is told of leaps. */
export interface ConfirmedTimeOptions {
  /** Microseconds since 1970: so late it was already when something was recorded last; absent: nothing was. */
  readonly newest: number | undefined;
  readonly clocks: Clocks;
  /** Told once of each leap. @param isStart true: it may as well be that nothing was recorded for so long */
  leapt(aheadMs: number, isStart: boolean): void;
}

/**
 * The time as far as it is confirmed, for what cannot be undone: a clock that leaps ahead, or is ahead at the start of what was recorded
 * last, is believed once it went on evenly for a day. Until then time passes from where it was. A clock that is set back is believed at
 * once, since nothing goes too early by it.
 *
 * @returns microseconds since 1970; to be asked now and then
 */
export function createConfirmedTime({ newest, clocks, leapt }: ConfirmedTimeOptions): () => number {
  const look = () => ({ wall: clocks.wallMicros(), uptimeMs: clocks.uptimeMs() });
  let last = look();
  let confirmed = newest ?? last.wall;
  let doubtedAtMs: number | undefined;
  let isStart = true;

  return () => {
    const { wall, uptimeMs } = look();
    const passedMs = uptimeMs - last.uptimeMs;
    const stepMs = (wall - last.wall) / 1000 - passedMs;
    last = { wall, uptimeMs };
    confirmed += passedMs * 1000;
    const aheadMs = (wall - confirmed) / 1000;
    if (aheadMs <= leapTimes.ordinary) {
      confirmed = wall;
      doubtedAtMs = undefined;
    } else if (doubtedAtMs === undefined || Math.abs(stepMs) > leapTimes.ordinary) {
      doubtedAtMs = uptimeMs;
      leapt(aheadMs, isStart);
    } else if (uptimeMs - doubtedAtMs >= leapTimes.doubt) {
      confirmed = wall;
      doubtedAtMs = undefined;
    }
    isStart = false;
    return confirmed;
  };
}
