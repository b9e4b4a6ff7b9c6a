"use client";
import { useEffect } from "react";
import type { ConnectionView } from "../_live/connection.ts";
import { useConnection, useStore } from "../_live/hooks.ts";
import { retryNow } from "../_live/link.ts";
import { pauseStore, togglePause } from "../_live/pause.ts";
import { signedOutStore } from "../_live/signed-out.ts";
import { factsOf, storesStore } from "../_live/stores.ts";
import { announce } from "../_ui/announcer.tsx";
import { Button } from "../_ui/button.tsx";
import { formatCount, formatDuration, formatTimeOfDay } from "../_ui/format.ts";
import { Bar } from "../_ui/states.tsx";
import { useStoreName } from "./scope.ts";
import { SignedOutBar, UnreachableBar } from "./trouble-bars.tsx";
import { untilMs } from "./until.ts";
import { useAbsence, useIsOfServer } from "./use-absence.ts";

/** A loss that lasts so long gets a line of its own, in milliseconds. */
const longLossMs = 10_000;

/** Lines above a page whose rows are not of now: nobody is signed in, its store or the connection is lost, or the page holds still. */
export function LiveBars() {
  const isSignedOut = useStore(signedOutStore);
  const name = useStoreName();
  const facts = factsOf(useStore(storesStore), name);
  const absence = useAbsence(name);
  const isOfServer = useIsOfServer();
  if (isSignedOut) return <SignedOutBar />;
  // What stands in the page's place says it all: the server answers, and the store does not.
  if (absence !== undefined) return null;
  if (isOfServer && facts?.state !== "live") return null;
  return facts?.state === "unreachable" ? <UnreachableBar facts={facts} /> : <ConnectionBars />;
}

function ConnectionBars() {
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

/** When the next try comes, in words; empty while one is under way. */
function retryWords({ retryAt }: ConnectionView): string {
  return retryAt === undefined ? "Reconnecting." : `Reconnecting in ${formatDuration(untilMs(retryAt))}.`;
}
