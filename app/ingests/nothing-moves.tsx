"use client";
import { useSocket } from "../_live/socket.ts";
import { CodeLine } from "../_ui/code-line.tsx";
import { slowIngest } from "../_ui/commands.ts";
import { QuayDrawing, State } from "../_ui/states.tsx";

/** No ingest is open: what this page will show, and a line that shows it. */
export function NothingMoves() {
  const socket = useSocket();
  const line = socket === undefined ? undefined : slowIngest(socket);
  return (
    <State
      title="Nothing is being written"
      drawing={<QuayDrawing />}
      acts={line && <CodeLine line={line} what="ctr line" />}
    >
      Every write that is not committed yet will be a row on this page: how far it is, how fast, and who holds it.
    </State>
  );
}
