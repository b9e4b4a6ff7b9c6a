"use client";
import { Circle, Lock } from "lucide-react";
import { useSyncExternalStore } from "react";
import { streamsStore } from "../_live/connection.ts";
import { useConnection, useStore } from "../_live/hooks.ts";
import { sessionStore } from "../_live/session.ts";
import { useSocket } from "../_live/socket.ts";
import { ctrDefault, ctrHello, curlHello } from "../_ui/commands.ts";
import { CopyButton } from "../_ui/copy-button.tsx";
import { Icon } from "../_ui/icon.tsx";
import { useLock } from "../_ui/lock.ts";
import { CratesDrawing } from "../_ui/states.tsx";
import styles from "./first-run.module.css";

/** The page of a store that holds nothing: how the first blob gets in, from a terminal; to whom may write none, why. */
export function FirstRun({ names }: { readonly names: readonly string[] }) {
  const isStowage = useStore(streamsStore).some(({ source }) => source === "stream");
  const origin = useSyncExternalStore(
    () => () => undefined,
    () => window.location.origin,
    () => "",
  );
  const namespace = names.length === 1 ? (names[0] ?? ctrDefault) : ctrDefault;
  const socket = useSocket();
  const lock = useLock("change");
  const needsToken = useStore(sessionStore).answer?.isSignInNeeded ?? false;
  return (
    <div className={styles.first}>
      <CratesDrawing />
      <h2>Nothing is stored here yet</h2>
      <p>
        Every blob will be a row on this page: its digest, size, labels and age.{" "}
        {lock === undefined && "Drop files anywhere to upload them."}
      </p>
      {lock !== undefined && (
        <p>
          <Icon of={Lock} size={14} /> {lock}.
        </p>
      )}
      {lock === undefined && (socket !== undefined || isStowage) && (
        <section className={styles.way} aria-label="Write a blob from a terminal">
          <h3>Write a blob from a terminal</h3>
          <p>
            The row appears here without a reload.
            {isStowage && needsToken && " For curl, TOKEN is a token of yours."}
          </p>
          {socket !== undefined && <Line tool="ctr" line={ctrHello({ socket, namespace })} />}
          {isStowage && <Line tool="curl" line={curlHello(origin, namespace)} />}
        </section>
      )}
      <Watching socket={socket} names={names} />
    </div>
  );
}

function Line({ tool, line }: { readonly tool: string; readonly line: string }) {
  return (
    <div className={styles.line}>
      <span className={styles.tool}>{tool}</span>
      <code>{wordsOf(line)}</code>
      <CopyButton text={line} what={`${tool} line`} />
    </div>
  );
}

/** Words that stay whole where the line is broken; spaces stay spaces, so that a selection is the line too. */
function wordsOf(line: string) {
  return line.split(" ").map((word, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the words of a line have no other name, and never move.
    <span key={index}>
      {index > 0 && " "}
      <span className={styles.word}>{word}</span>
    </span>
  ));
}

function Watching({ socket, names }: { readonly socket: string | undefined; readonly names: readonly string[] }) {
  const isLive = useConnection().state === "live";
  return (
    <div className={styles.watching}>
      <Icon of={Circle} size={10} isSolid={isLive} className={isLive ? "ok" : "faint"} />
      <span>
        {isLive ? "Watching " : "Not watching "}
        {socket !== undefined && (
          <>
            <code>{socket}</code>,{" "}
          </>
        )}
        {names.length === 0 ? "all namespaces" : `namespace${names.length === 1 ? "" : "s"} ${names.join(", ")}`}
      </span>
    </div>
  );
}
