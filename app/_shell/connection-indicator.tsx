"use client";
import { Circle, CircleDashed, CircleDotDashed, type LucideIcon, PauseCircle, RefreshCw, X } from "lucide-react";
import { Suspense } from "react";
import { skewStore } from "../_live/clock.ts";
import type { ConnectionView, StreamState } from "../_live/connection.ts";
import { streamsStore } from "../_live/connection.ts";
import { useConnection, useStore } from "../_live/hooks.ts";
import { retryNow } from "../_live/link.ts";
import type { Pause } from "../_live/pause.ts";
import { pauseStore } from "../_live/pause.ts";
import { serverStore } from "../_live/server.ts";
import { Button } from "../_ui/button.tsx";
import { formatCount, formatDuration, formatTimeOfDay } from "../_ui/format.ts";
import { Icon } from "../_ui/icon.tsx";
import { join } from "../_ui/join.ts";
import { Panel } from "../_ui/popups/index.ts";
import { useOpener } from "../_ui/use-opener.ts";
import { NewVersion } from "./new-version.tsx";
import styles from "./shell.module.css";

interface Sign {
  readonly icon: LucideIcon;
  readonly isSolid?: boolean;
  readonly tone: string;
  readonly words: string;
}

/** Where the connection stands, by shape and by words; a click tells more. */
export function ConnectionIndicator() {
  const view = useConnection();
  const sign = signOf(view, useStore(pauseStore));
  const { anchor, isOpen, toggle, close } = useOpener();
  return (
    <>
      <NewVersion />
      <button
        ref={anchor}
        type="button"
        className={styles.switch}
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        aria-label={`Connection: ${sign.words}`}
        onClick={toggle}
      >
        <span className={join(styles.sign, sign.tone)}>
          <Icon of={sign.icon} size={sign.isSolid ? 10 : 14} isSolid={sign.isSolid ?? false} />
        </span>
        <span className="cut">{sign.words}</span>
      </button>
      {isOpen && (
        <Suspense fallback={null}>
          <Panel anchor={anchor} title="Connection" onClose={close}>
            <ConnectionFacts words={sign.words} />
            <Button isSmall icon={RefreshCw} onClick={retryNow}>
              Reconnect now
            </Button>
          </Panel>
        </Suspense>
      )}
    </>
  );
}

function signOf(view: ConnectionView, { since, waiting }: Pause): Sign {
  switch (view.state) {
    case "offline":
      return { icon: X, tone: "danger", words: "Offline" };
    case "connecting":
      return { icon: CircleDashed, tone: "muted", words: connectingWords(view) };
    case "stale":
      return {
        icon: CircleDotDashed,
        tone: "warn",
        words: `Stale since ${view.heardAt ? formatTimeOfDay(view.heardAt) : "—"}`,
      };
    case "live":
      if (since) return { icon: PauseCircle, tone: "muted", words: `Paused (${formatCount(waiting)} waiting)` };
      return { icon: Circle, isSolid: true, tone: "ok", words: liveWords(view) };
  }
}

function liveWords({ polledMs }: ConnectionView): string {
  return polledMs === undefined ? "Live" : `Live · polled ${formatDuration(polledMs)}`;
}

function connectingWords({ attempt, retryAt }: ConnectionView): string {
  if (attempt <= 1 && retryAt === undefined) return "Connecting";
  return `Connecting (try ${attempt}${retryAt ? `, in ${formatDuration(untilMs(retryAt))}` : ""})`;
}

function untilMs(date: Date): number {
  return Math.max(0, Math.ceil((date.getTime() - Date.now()) / 1000) * 1000);
}

/** Below this a difference of clocks is no news, in milliseconds. */
const shownSkewMs = 2_000;

function ConnectionFacts({ words }: { readonly words: string }) {
  const streams = useStore(streamsStore);
  const { facts } = useStore(serverStore);
  const skewMs = useStore(skewStore);
  return (
    <dl className={styles.facts}>
      <dt>State</dt>
      <dd>{words}</dd>
      {streams.map((stream) => (
        <StreamFact key={stream.name} stream={stream} />
      ))}
      {facts && (
        <>
          <dt>Server</dt>
          <dd>
            Stowage {facts.version} on {facts.host}
          </dd>
        </>
      )}
      {Math.abs(skewMs) > shownSkewMs && (
        <>
          <dt>Clock</dt>
          <dd>
            The server is {formatDuration(Math.abs(skewMs))} {skewMs > 0 ? "ahead" : "behind"}; ages are by its clock
          </dd>
        </>
      )}
    </dl>
  );
}

function StreamFact({ stream }: { readonly stream: StreamState }) {
  const how = stream.source === "polled" ? `polled every ${formatDuration(stream.heartbeatMs ?? 0)}` : "stream";
  const heard = stream.heardAt ? `last heard at ${formatTimeOfDay(stream.heardAt)}` : "not heard yet";
  return (
    <>
      <dt>{stream.name}</dt>
      <dd>
        {how} · {heard}
        {stream.reason !== undefined && <span className="warn"> · {stream.reason}</span>}
      </dd>
    </>
  );
}

/** A loss that lasts so long gets a line of its own, in milliseconds. */
export const longLossMs = 10_000;

/** When the next try comes, in words; empty while one is under way. */
export function retryWords({ retryAt }: ConnectionView): string {
  return retryAt === undefined ? "Reconnecting." : `Reconnecting in ${formatDuration(untilMs(retryAt))}.`;
}
