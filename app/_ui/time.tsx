"use client";
import { serverNow } from "../_live/clock.ts";
import { useServerNow, useStore } from "../_live/hooks.ts";
import { zoneSetting } from "../_settings/display.ts";
import { formatAge, formatAgo, formatMoment, formatTimeOfDay, unknown } from "./format.ts";

interface TimeProps {
  /** Absent, or 1970: not known. */
  readonly at: Date | undefined;
}

const minuteMs = 60_000;

/** How long ago a moment was, by the server's clock. It moves each second in the first minute, then each 15 s. */
function useAge(at: Date | undefined): number | undefined {
  const isYoung = at !== undefined && serverNow() - at.getTime() < minuteMs;
  const nowMs = useServerNow(isYoung ? 1000 : 15_000);
  if (at === undefined || at.getTime() <= 0) return undefined;
  return Math.max(isYoung ? 0 : minuteMs, nowMs - at.getTime());
}

/** An age in a column, such as `14 s`; the moment itself is in its tip. */
export function Age({ at }: TimeProps) {
  const age = useAge(at);
  if (at === undefined || age === undefined) return unknown;
  return <Moment at={at} text={formatAge(age)} />;
}

/** An age in a sentence, such as `14 s ago`. */
export function Ago({ at }: TimeProps) {
  const age = useAge(at);
  if (at === undefined || age === undefined) return "at an unknown time";
  return <Moment at={at} text={formatAgo(age)} />;
}

/** A time of day, such as `14:02:11`; the day is in its tip. */
export function TimeOfDay({ at }: TimeProps) {
  useStore(zoneSetting);
  if (at === undefined || at.getTime() <= 0) return unknown;
  return <Moment at={at} text={formatTimeOfDay(at)} />;
}

/** A moment, told by some text; it is in its tip. */
export function Moment({ at, text }: { readonly at: Date; readonly text: string }) {
  useStore(zoneSetting);
  return (
    <time dateTime={at.toISOString()} data-tip={formatMoment(at)}>
      {text}
    </time>
  );
}
