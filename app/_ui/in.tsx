"use client";
import { useServerNow } from "../_live/hooks.ts";
import { formatDuration } from "./format.ts";
import { Ago, Moment } from "./time.tsx";

/** How long it is until a moment that is to come, in a sentence, such as `in 7 d`; one that has come is told as Ago tells it. */
export function In({ at }: { readonly at: Date }) {
  const leftMs = at.getTime() - useServerNow(15_000);
  return leftMs > 0 ? <Moment at={at} text={`in ${formatDuration(leftMs)}`} /> : <Ago at={at} />;
}
