"use client";
import { RefreshCw } from "lucide-react";
import type { RefObject } from "react";
import { skewStore } from "../_live/clock.ts";
import type { StreamState } from "../_live/connection.ts";
import { streamsStore } from "../_live/connection.ts";
import { useStore } from "../_live/hooks.ts";
import { retryNow } from "../_live/link.ts";
import { serverStore } from "../_live/server.ts";
import { factsOf, storesStore } from "../_live/stores.ts";
import { Button } from "../_ui/button.tsx";
import { formatDuration, formatTimeOfDay } from "../_ui/format.ts";
import { Panel } from "../_ui/popups/index.ts";
import { visibleText } from "../_ui/visible-text.ts";
import { useStoreName } from "./scope.ts";
import styles from "./shell.module.css";
import { StoreFactsLine } from "./store-facts.tsx";

interface ConnectionPanelProps {
  readonly anchor: RefObject<HTMLElement | null>;
  /** Where the connection stands, in words. */
  readonly words: string;
  readonly onClose: () => void;
}

/** All that is known of the connection, and a way to have it made anew. */
export function ConnectionPanel({ anchor, words, onClose }: ConnectionPanelProps) {
  return (
    <Panel anchor={anchor} title="Connection" onClose={onClose}>
      <ConnectionFacts words={words} />
      <Button isSmall icon={RefreshCw} onClick={retryNow}>
        Reconnect now
      </Button>
    </Panel>
  );
}

/** Below this a difference of clocks is no news, in milliseconds. */
const shownSkewMs = 2_000;

function ConnectionFacts({ words }: { readonly words: string }) {
  const streams = useStore(streamsStore);
  const { facts } = useStore(serverStore);
  const view = useStore(storesStore);
  const store = factsOf(view, useStoreName());
  const skewMs = useStore(skewStore);
  return (
    <dl className={styles.facts}>
      <dt>State</dt>
      <dd>{words}</dd>
      {streams.map((stream) => (
        <StreamFact key={stream.name} stream={stream} />
      ))}
      {store && view.stores.length > 1 && (
        <>
          <dt>Store</dt>
          <dd>
            {visibleText(store.name)} · {store.plugin}
            {store.target !== "" && ` · ${visibleText(store.target)}`}
            <div>
              <StoreFactsLine facts={store} />
            </div>
          </dd>
        </>
      )}
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
