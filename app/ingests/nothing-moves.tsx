"use client";
import { useStore } from "../_live/hooks.ts";
import { serverStore } from "../_live/server.ts";
import { slowIngest } from "../_ui/commands.ts";
import { CopyButton } from "../_ui/copy-button.tsx";
import { QuayDrawing, State } from "../_ui/states.tsx";
import styles from "./nothing-moves.module.css";

/** No ingest is open: what this page will show, and a line that shows it. */
export function NothingMoves() {
  const socket = useStore(serverStore).facts?.sockets[0];
  const line = socket === undefined ? undefined : slowIngest(socket);
  return (
    <State title="Nothing is being written" drawing={<QuayDrawing />}>
      Every write that is not committed yet will be a row on this page: how far it is, how fast, and who holds it.
      {line !== undefined && (
        <span className={styles.line}>
          <code>{line}</code>
          <CopyButton text={line} what="ctr line" />
        </span>
      )}
    </State>
  );
}
