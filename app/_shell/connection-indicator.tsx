"use client";
import {
  Circle,
  CircleDashed,
  CircleDotDashed,
  CircleSlash,
  KeyRound,
  type LucideIcon,
  PauseCircle,
  X,
} from "lucide-react";
import { Suspense } from "react";
import type { StoreFacts } from "../../content/remote/stores.ts";
import type { ConnectionView } from "../_live/connection.ts";
import { useConnection, useStore } from "../_live/hooks.ts";
import type { Pause } from "../_live/pause.ts";
import { pauseStore } from "../_live/pause.ts";
import { signedOutStore } from "../_live/signed-out.ts";
import { factsOf, storesStore } from "../_live/stores.ts";
import { formatCount, formatDuration, formatTimeOfDay, unknown } from "../_ui/format.ts";
import { Icon } from "../_ui/icon.tsx";
import { join } from "../_ui/join.ts";
import { useOpener } from "../_ui/use-opener.ts";
import { ConnectionPanel } from "./later.ts";
import { useStoreName } from "./scope.ts";
import styles from "./shell.module.css";
import { untilMs } from "./until.ts";

interface Sign {
  readonly icon: LucideIcon;
  readonly isSolid?: boolean;
  readonly tone: string;
  readonly words: string;
  /** Goes on from them; where the page is narrow it is left to who listens, and to the panel. */
  readonly more?: string;
}

/** Where the connection stands, by shape and by words; a click tells more. */
export function ConnectionIndicator() {
  const view = useConnection();
  const pause = useStore(pauseStore);
  const stores = useStore(storesStore);
  const name = useStoreName();
  const facts = factsOf(stores, name);
  const isUnknown = facts === undefined && name !== "" && stores.toldAt !== undefined;
  const isSignedOut = useStore(signedOutStore);
  const sign = isSignedOut
    ? signedOut
    : isUnknown
      ? noSuchStore
      : (signOfStore(facts, view) ?? signOf(view, pause, facts));
  const { anchor, isOpen, toggle, close } = useOpener();
  const words = sign.words + (sign.more ?? "");
  return (
    <>
      <button
        ref={anchor}
        type="button"
        className={styles.switch}
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        aria-label={`Connection: ${words}`}
        onClick={toggle}
      >
        <span className={join(styles.sign, sign.tone)}>
          <Icon of={sign.icon} size={sign.isSolid ? 10 : 14} isSolid={sign.isSolid ?? false} />
        </span>
        <span className="cut">
          {sign.words}
          {sign.more !== undefined && <span className={styles.wide}>{sign.more}</span>}
        </span>
      </button>
      {isOpen && (
        <Suspense fallback={null}>
          <ConnectionPanel anchor={anchor} words={words} onClose={close} />
        </Suspense>
      )}
    </>
  );
}

const noSuchStore: Sign = { icon: CircleSlash, tone: "warn", words: "No store", more: " of this name" };
const signedOut: Sign = { icon: KeyRound, tone: "warn", words: "Signed out" };

/** The server answers, and the store behind it does not; absent where that is not so. */
function signOfStore(facts: StoreFacts | undefined, { state }: ConnectionView): Sign | undefined {
  if (facts === undefined || state === "offline" || state === "stale") return undefined;
  if (facts.state === "connecting") return { icon: CircleDashed, tone: "muted", words: "Connecting" };
  if (facts.state === "live") return undefined;
  if (facts.lastContact === undefined) return { icon: CircleSlash, tone: "warn", words: "Unreachable" };
  return { icon: CircleDotDashed, tone: "warn", words: "Stale", more: ` since ${formatTimeOfDay(facts.lastContact)}` };
}

function signOf(view: ConnectionView, { since, waiting }: Pause, facts: StoreFacts | undefined): Sign {
  switch (view.state) {
    case "offline":
      return { icon: X, tone: "danger", words: "Offline" };
    case "connecting":
      return { icon: CircleDashed, tone: "muted", words: "Connecting", ...triesOf(view) };
    case "stale":
      return {
        icon: CircleDotDashed,
        tone: "warn",
        words: "Stale",
        more: ` since ${view.heardAt ? formatTimeOfDay(view.heardAt) : unknown}`,
      };
    case "live":
      if (since)
        return { icon: PauseCircle, tone: "muted", words: "Paused", more: ` (${formatCount(waiting)} waiting)` };
      return { icon: Circle, isSolid: true, tone: "ok", words: "Live", ...polled(view.polledMs ?? facts?.polledMs) };
  }
}

function polled(ms: number | undefined): Pick<Sign, "more"> {
  return ms === undefined ? {} : { more: ` · polled ${formatDuration(ms)}` };
}

function triesOf({ attempt, retryAt }: ConnectionView): Pick<Sign, "more"> {
  if (attempt <= 1 && retryAt === undefined) return {};
  return { more: ` (try ${attempt}${retryAt ? `, in ${formatDuration(untilMs(retryAt))}` : ""})` };
}
