import { Circle, CircleDashed, X } from "lucide-react";
import type { StoreFacts } from "../../content/remote/stores.ts";
import { clause } from "../_ui/clause.ts";
import { formatBytes, formatCounted, formatDuration } from "../_ui/format.ts";
import { Icon } from "../_ui/icon.tsx";
import { join } from "../_ui/join.ts";
import { Ago } from "../_ui/time.tsx";
import styles from "./shell.module.css";

/** How a store is, by a shape, whose word stands in StoreFactsLine. */
export function StoreSign({ facts: { state } }: { readonly facts: StoreFacts }) {
  const sign = { live: Circle, connecting: CircleDashed, unreachable: X }[state];
  const tone = { live: "ok", connecting: "muted", unreachable: "danger" }[state];
  return (
    <span className={join(styles.sign, styles.storeSign)}>
      <Icon of={sign} size={state === "live" ? 10 : 14} isSolid={state === "live"} className={tone} />
    </span>
  );
}

/** How a store is, in words: its state, how fast it answers, what it holds, what may be done with it. */
export function StoreFactsLine({ facts }: { readonly facts: StoreFacts }) {
  const { state, reason, lastContact } = facts;
  if (state === "unreachable") {
    return (
      <>
        <span className="danger">Unreachable</span>
        {reason !== "" && `: ${clause(reason)}`}
        {" · "}
        {lastContact ? (
          <>
            last answered <Ago at={lastContact} />
          </>
        ) : (
          "never answered"
        )}
        {!facts.allowsChanges && <ReadOnly />}
      </>
    );
  }
  return (
    <>
      {[state === "live" ? "Live" : "Connecting", ...wordsOf(facts)].join(" · ")}
      {!facts.allowsChanges && <ReadOnly />}
    </>
  );
}

/** It stays in one line. */
function ReadOnly() {
  return (
    <>
      {" · "}
      <span className={styles.whole}>read-only</span>
    </>
  );
}

function wordsOf({ latencyMs, blobs, bytes, polledMs }: StoreFacts): readonly string[] {
  return [
    ...(latencyMs === undefined ? [] : [formatLatency(latencyMs)]),
    ...(blobs === undefined ? [] : [formatCounted(blobs, "blob")]),
    ...(bytes === undefined ? [] : [formatBytes(bytes)]),
    ...(polledMs === undefined ? [] : [`polled ${formatDuration(polledMs)}`]),
  ];
}

/** How long an answer took; one of a second and more is said in seconds. */
export function formatLatency(ms: number): string {
  return ms < 1000 ? `${Math.max(1, Math.round(ms))}\u00a0ms` : formatDuration(ms);
}
