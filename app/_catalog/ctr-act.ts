import { Terminal } from "lucide-react";
import { socketHere } from "../_live/socket.ts";
import { copyText } from "../_ui/copy-button.tsx";
import type { RowAct } from "./row-act.ts";

/** Copies what a terminal asks for a row by; none where the server's socket is not known. @param lineOf of the socket's path */
export function ctrActs(lineOf: (socket: string) => string): readonly RowAct[] {
  const socket = socketHere();
  if (socket === undefined) return [];
  const run = () => void copyText(lineOf(socket), "ctr line");
  return [{ key: "ctr", label: "Copy ctr line", icon: Terminal, shortcut: "C", run }];
}
