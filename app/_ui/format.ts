import { zoneSetting } from "../_settings/display.ts";

/** Non-breaking, so that a number never parts from its unit. */
const nbsp = "\u00a0";

/** What stands where a value is not known. */
export const unknown = "—";

const byteUnits = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"] as const;

/** A byte count in its largest unit with three significant digits, such as `1.24 GiB`, `480 MiB`, `382 B`. */
export function formatBytes(bytes: number): string {
  const power = powerOf(bytes);
  return `${scaled(bytes, power)}${nbsp}${byteUnits[power]}`;
}

/** A byte count to the last byte, such as `4,096 B`. */
export function formatExactBytes(bytes: number): string {
  return `${formatCount(bytes)}${nbsp}B`;
}

/** How much of a whole is there, in the unit of the whole: `["312", "480 MiB"]`. */
export function formatPart(part: number, whole: number): readonly [string, string] {
  return [scaled(part, powerOf(whole)), formatBytes(whole)];
}

/** Bytes per second, such as `21.8 MiB/s`. */
export function formatRate(bytesPerSecond: number): string {
  return `${formatBytes(Math.round(bytesPerSecond))}/s`;
}

const counts = once(() => new Intl.NumberFormat());

/** A whole number with the grouping of the browser's locale. */
export function formatCount(count: number): string {
  return counts().format(count);
}

/** A count with its noun, such as `1 blob` and `1,204 blobs`. */
export function formatCounted(count: number, noun: string): string {
  return `${formatCount(count)}${nbsp}${noun}${count === 1 ? "" : "s"}`;
}

/** A share between 0 and 1 without decimals; below 1 it never reads `100 %`. */
export function formatShare(share: number): string {
  return `${Math.floor(Math.min(1, Math.max(0, share)) * 100)}${nbsp}%`;
}

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** A duration of milliseconds in its two largest units: `0.3 s`, `41 s`, `3 m 12 s`, `1 h 5 m`, `4 d`. */
export function formatDuration(ms: number): string {
  if (ms < second) return `${(Math.floor(Math.max(0, ms) / 100) / 10).toString()}${nbsp}s`;
  if (ms < minute) return `${Math.floor(ms / second)}${nbsp}s`;
  if (ms < hour) return units(ms, minute, "m", second, "s");
  if (ms < day) return units(ms, hour, "h", minute, "m");
  return `${formatCount(Math.floor(ms / day))}${nbsp}d`;
}

/** A duration in its largest unit only: `14 m`. */
export function formatShortDuration(ms: number): string {
  return formatDuration(ms).replace(/ .*/, "");
}

/** An age for a column, such as `14 s`; `now` below one second. */
export function formatAge(ms: number): string {
  return ms < second ? "now" : formatDuration(ms);
}

/** An age in a sentence, such as `14 s ago`; `just now` below one second. */
export function formatAgo(ms: number): string {
  return ms < second ? "just now" : `${formatDuration(ms)} ago`;
}

const moments = once(() => new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" }));
const timesOfDay = once(() => new Intl.DateTimeFormat(undefined, { timeStyle: "medium", hourCycle: "h23" }));

/** A moment by the browser's clock and locale, and in UTC; the one that a person chose comes first. */
export function formatMoment(date: Date): string {
  const both = [moments().format(date), `${date.toISOString().slice(0, 19).replace("T", " ")} UTC`];
  return (zoneSetting.get() === "utc" ? both.reverse() : both).join(" · ");
}

/** A time of day by the browser's clock, such as `14:02:11`; where a person chose so, in UTC, such as `13:02:11 UTC`. */
export function formatTimeOfDay(date: Date): string {
  if (zoneSetting.get() === "utc") return `${date.toISOString().slice(11, 19)}${nbsp}UTC`;
  return timesOfDay().format(date);
}

function powerOf(bytes: number): number {
  let power = 0;
  for (let rest = bytes; rest >= 1024 && power < byteUnits.length - 1; rest /= 1024) power += 1;
  return power;
}

function scaled(bytes: number, power: number): string {
  const value = bytes / 1024 ** power;
  if (power === 0 || value === 0) return formatCount(value);
  return (value < 1 ? hundredths() : threeDigits()).format(value);
}

const threeDigits = once(() => withDigits({ minimumSignificantDigits: 3, maximumSignificantDigits: 3 }));
const hundredths = once(() => withDigits({ minimumFractionDigits: 2, maximumFractionDigits: 2 }));

function withDigits(digits: Intl.NumberFormatOptions): Intl.NumberFormat {
  return new Intl.NumberFormat(undefined, digits);
}

/** Formatters take long to make: each is made when it is first needed, and then kept, since lists write hundreds of times a second. */
function once<Formatter>(make: () => Formatter): () => Formatter {
  let made: Formatter | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

function units(ms: number, large: number, largeName: string, small: number, smallName: string): string {
  const rest = Math.floor((ms % large) / small);
  const first = `${Math.floor(ms / large)}${nbsp}${largeName}`;
  return rest === 0 ? first : `${first} ${rest}${nbsp}${smallName}`;
}
