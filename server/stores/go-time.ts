/** A span of time as Go prints it (time.Duration), to the millisecond, such as `2.1s`, `512ms` or `1h0m3s`; below 0 is 0. */
export function goDuration(ms: number): string {
  const whole = Math.max(0, Math.round(ms));
  if (whole === 0) return "0s";
  if (whole < 1000) return `${whole}ms`;
  const minutes = Math.floor(whole / 60_000);
  const seconds = `${(whole % 60_000) / 1000}s`;
  if (minutes === 0) return seconds;
  const hours = Math.floor(minutes / 60);
  return hours === 0 ? `${minutes}m${seconds}` : `${hours}h${minutes % 60}m${seconds}`;
}

/** A time in UTC as Go prints it (time.Time), to the millisecond, such as `2026-11-24 14:58:05.123 +0000 UTC`. */
export function goTime(date: Date): string {
  const [day, time = ""] = date.toISOString().slice(0, -1).split("T");
  return `${day} ${time.replace(/\.?0+$/, "")} +0000 UTC`;
}
