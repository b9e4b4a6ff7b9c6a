"use client";
import { useMemo, useState } from "react";
import type { EndedIngest, Ingest } from "../../content/remote/events.ts";
import { useStore } from "../_live/hooks.ts";
import type { IngestsView } from "../_live/ingests.ts";
import { ingestKey } from "../_live/keys.ts";
import { liveIngests } from "../_live/live.ts";
import { errorText } from "../_ui/error-text.ts";
import { formatBytes, formatCounted } from "../_ui/format.ts";
import { BulkDialog, type ItemResult } from "../_ui/list/bulk-dialog.tsx";
import { needsTyping } from "../_ui/list/chosen.ts";
import { abortIngest, endsByName, nameOfIngest } from "./abort.ts";
import styles from "./bulk-abort.module.css";
import { bytesOfIngests } from "./chosen-ingests.ts";
import { Consequences } from "./consequences.tsx";
import { LookedAgain, useStaleSince } from "./freshness.tsx";
import { Holder } from "./holder.tsx";
import { RefText } from "./ref-text.tsx";

interface BulkAbortProps {
  readonly ingests: readonly Ingest[];
  /** They are to end because no byte comes: one that moves again is left alone. */
  readonly areStalled: boolean;
  /** @param failed those that are left to be tried again; absent: nothing was done */
  readonly onClose: (failed?: readonly Ingest[]) => void;
}

/** Asks before many ingests are dropped, drops them, and says what became of each. */
export function BulkAbort({ ingests, areStalled, onClose }: BulkAbortProps) {
  // What is asked about is what is done; the list behind the dialog goes on.
  const [asked] = useState(ingests);
  const view = useStore(liveIngests);
  const told = useMemo((): Told => ({ ends: endsByName(view), open: openKeys(view) }), [view]);
  const since = useStaleSince();
  const words = areStalled ? `${asked.length} stalled ingest${asked.length === 1 ? "" : "s"}` : undefined;
  return (
    <BulkDialog
      title={`Abort ${words ?? formatCounted(asked.length, "ingest")}?`}
      act="Abort"
      done="aborted"
      already={areStalled ? "had ended or move again" : "had ended"}
      noun="ingest"
      items={asked}
      isDanger
      isTyped={needsTyping({ count: asked.length, bytes: bytesOfIngests(asked) })}
      keyOf={nameOfIngest}
      nameOf={({ status }) => <RefText reference={status.ref} expected={status.expected} />}
      tellEach={(ingest, result) => <Line ingest={ingest} became={became(told, ingest, result)} />}
      run={(ingest, signal) => abortIngest(ingest, { isSame: true, isStill: areStalled }, signal)}
      onClose={onClose}
    >
      <p>
        <Consequences ingests={asked} />
        <LookedAgain since={since} />
      </p>
    </BulkDialog>
  );
}

/** What became of one, in words. */
interface Became {
  readonly words: string;
  readonly tone: "muted" | "ok" | "danger";
}

interface LineProps {
  readonly ingest: Ingest;
  readonly became: Became | undefined;
}

function Line({ ingest: { namespace, status, holder }, became }: LineProps) {
  return (
    <div className={styles.line}>
      <span className={styles.ref}>
        <RefText reference={status.ref} expected={status.expected} />
      </span>
      <span className={styles.bytes}>{formatBytes(status.offset)}</span>
      <span className={styles.holder}>
        {holder === "" ? <span className="faint">{namespace}</span> : <Holder holder={holder} />}
      </span>
      {became && <span className={`${styles.became} ${became.tone}`}>{became.words}</span>}
    </div>
  );
}

/** What the page was told of the ingests. */
interface Told {
  readonly ends: ReturnType<typeof endsByName>;
  /** Keys of those that are open. */
  readonly open: ReadonlySet<string>;
}

function openKeys({ rows }: IngestsView): ReadonlySet<string> {
  return new Set(rows.filter(({ goneAt }) => goneAt === undefined).map(({ key }) => key));
}

function became({ ends, open }: Told, ingest: Ingest, result: ItemResult): Became | undefined {
  if (result === "waiting") return undefined;
  if (typeof result !== "string") return { words: errorText(result.error), tone: "danger" };
  const end = ends.get(nameOfIngest(ingest));
  if (end !== undefined) return { words: wordsOfEnd(end, result), tone: result === "done" ? "ok" : "muted" };
  if (result === "done") return { words: "aborting…", tone: "muted" };
  const isHere = open.has(ingestKey(ingest.namespace, ingest.status.ref));
  return { words: isHere ? "moves again, left alone" : "had ended", tone: "muted" };
}

function wordsOfEnd({ outcome }: EndedIngest, result: "done" | "already"): string {
  if (outcome === "existed") return "was stored already";
  if (outcome === "aborted" && result === "done") return "aborted";
  return outcome === "unknown" ? "had ended" : `${outcome} meanwhile`;
}
