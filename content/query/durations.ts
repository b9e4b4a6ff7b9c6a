import { ContentError } from "../errors.ts";
import { shown } from "./fault.ts";

/** Microseconds, in which moments are told, in the unit of durations. */
export const microsPerSecond = 1_000_000;

const week = 604_800;

/** Units that a duration is told in, the greatest first. Weeks are told alone. */
const units = [
  { name: "d", seconds: 86_400 },
  { name: "h", seconds: 3600 },
  { name: "m", seconds: 60 },
  { name: "s", seconds: 1 },
] as const;

const order = ["w", ...units.map(({ name }) => name)];

const secondsIn: Readonly<Record<string, number>> = {
  w: week,
  ...Object.fromEntries(units.map(({ name, seconds }) => [name, seconds])),
};

/** A hundred years; no moment of a longer ago is needed, and all up to there are Dates. */
const maxSeconds = 36_525 * 86_400;

const duration = /^(?:\d{1,12}[smhdw])+$/;

/**
 * A duration such as `7d` or `3m12s`, in seconds: whole numbers of w, d, h, m and s, the greater first, each once.
 *
 * @throws `invalid-argument` for what is none, and for more than a hundred years
 */
export function parseDuration(text: string): number {
  if (/^\d+$/.test(text)) throw new ContentError("invalid-argument", `${shown(text)} needs a unit: s, m, h, d or w`);
  if (!duration.test(text)) {
    throw new ContentError(
      "invalid-argument",
      `${shown(text)} is no duration, such as 7d or 3m12s; units are s, m, h, d, w`,
    );
  }
  let seconds = 0;
  let last = -1;
  for (const [, count, unit = ""] of text.matchAll(/(\d+)([a-z])/g)) {
    const place = order.indexOf(unit);
    if (place <= last) throw new ContentError("invalid-argument", `${shown(text)}: units go from w to s, each once`);
    last = place;
    seconds += Number(count) * (secondsIn[unit] ?? 0);
  }
  if (seconds > maxSeconds) throw new ContentError("invalid-argument", `${shown(text)} is more than a hundred years`);
  return seconds;
}

/** A duration of whole seconds as parseDuration reads it back: whole weeks, or days, hours, minutes, seconds. */
export function formatDuration(seconds: number): string {
  if (seconds === 0) return "0s";
  if (seconds % week === 0) return `${seconds / week}w`;
  let rest = seconds;
  let text = "";
  for (const unit of units) {
    const count = Math.floor(rest / unit.seconds);
    rest -= count * unit.seconds;
    if (count > 0) text += `${count}${unit.name}`;
  }
  return text;
}
