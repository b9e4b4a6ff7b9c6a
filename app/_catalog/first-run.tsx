"use client";
import type { ReactNode } from "react";
import { useSocket } from "../_live/socket.ts";
import { CodeLine } from "../_ui/code-line.tsx";
import { QuayDrawing, State } from "../_ui/states.tsx";

interface FirstRowProps {
  readonly title: string;
  /** What this page will show. */
  readonly children: ReactNode;
  /** A line that makes a first row. @param socket absolute path */
  readonly lineOf: (socket: string) => string;
}

/** A set that holds nothing: what its page will show, and a line that makes a first row. */
export function FirstRow({ title, children, lineOf }: FirstRowProps) {
  const socket = useSocket();
  const line = socket === undefined ? undefined : lineOf(socket);
  return (
    <State title={title} drawing={<QuayDrawing />} acts={line && <CodeLine line={line} what="ctr line" />}>
      {children}
    </State>
  );
}
