"use client";
import { useConnection, useStore } from "../_live/hooks.ts";
import { pauseStore } from "../_live/pause.ts";
import { formatTimeOfDay } from "../_ui/format.ts";

/** Since when the page shows what it shows, where that is not now: it is paused, or the connection is lost. */
export function useStaleSince(): Date | undefined {
  const { state, heardAt } = useConnection();
  const { since } = useStore(pauseStore);
  if (since !== undefined) return since;
  return state === "live" ? undefined : heardAt;
}

/** Says that facts are old, and that they are looked at again before something is done. */
export function LookedAgain({ since }: { readonly since: Date | undefined }) {
  if (since === undefined) return null;
  return <> This is of {formatTimeOfDay(since)}: it is looked at again first.</>;
}
