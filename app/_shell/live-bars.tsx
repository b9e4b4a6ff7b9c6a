"use client";
import { useEffect } from "react";
import { useConnection, useStore } from "../_live/hooks.ts";
import { retryNow } from "../_live/link.ts";
import { pauseStore, togglePause } from "../_live/pause.ts";
import { announce } from "../_ui/announcer.tsx";
import { Button } from "../_ui/button.tsx";
import { formatCount, formatTimeOfDay } from "../_ui/format.ts";
import { Bar } from "../_ui/states.tsx";
import { longLossMs, retryWords } from "./connection-indicator.tsx";

/** Lines above a page whose rows are not of now: the connection is lost, or the page holds still. */
export function LiveBars() {
  const view = useConnection();
  const { since, waiting } = useStore(pauseStore);
  const isLost = view.lostMs >= longLossMs;
  useEffect(() => {
    if (isLost) announce("The connection to the server is lost");
  }, [isLost]);
  if (isLost) {
    return (
      <Bar acts={<Button onClick={retryNow}>Now</Button>}>
        {view.heardAt ? `Showing ${formatTimeOfDay(view.heardAt)}. ` : "The server does not answer. "}
        {retryWords(view)}
      </Bar>
    );
  }
  if (since === undefined) return null;
  return (
    <Bar
      acts={
        <Button onClick={togglePause} shortcut="p">
          Resume
        </Button>
      }
    >
      Paused at {formatTimeOfDay(since)} · {formatCount(waiting)} {waiting === 1 ? "change waits" : "changes wait"}
    </Bar>
  );
}
