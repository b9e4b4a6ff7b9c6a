"use client";
import type { ReactNode } from "react";
import { useServerNow } from "../_live/hooks.ts";
import { useSocket } from "../_live/socket.ts";
import { CodeLine } from "../_ui/code-line.tsx";
import { formatCount, formatDuration, formatMoment } from "../_ui/format.ts";
import { Fact, FactList } from "../_ui/list/peek.tsx";
import { visibleText } from "../_ui/visible-text.ts";
import { wordsOfLabel } from "../blob/label-words.ts";
import styles from "./catalog.module.css";

/** Labels in a panel, with what containerd reads them as. */
export function LabelFacts({ labels }: { readonly labels: Readonly<Record<string, string>> }) {
  const entries = Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return (
    <>
      <h3>
        Labels <span>{formatCount(entries.length)}</span>
      </h3>
      {entries.length > 0 && (
        <FactList>
          {entries.map(([key, value]) => (
            <Fact key={key} name={visibleText(key)}>
              <code>{visibleText(value)}</code>
              <div className="faint">{wordsOfLabel(key)?.text}</div>
            </Fact>
          ))}
        </FactList>
      )}
    </>
  );
}

/** A line for a terminal in a panel; absent where the server's socket is not known. @param lineOf of the socket's path */
export function TerminalFacts({ lineOf }: { readonly lineOf: (socket: string) => string }) {
  const socket = useSocket();
  if (socket === undefined) return null;
  return (
    <>
      <h3>In a terminal</h3>
      <div className={styles.terminal}>
        <CodeLine line={lineOf(socket)} what="ctr line" />
      </div>
    </>
  );
}

interface UntilProps {
  /** Absent: never. */
  readonly at: Date | undefined;
  /** Instead of `never`. */
  readonly never?: ReactNode;
}

/** When something is over, such as `in 23 h 59 m`; the moment itself is in its tip. */
export function Until({ at, never = "never" }: UntilProps) {
  const nowMs = useServerNow(1000);
  if (at === undefined) return never;
  const left = at.getTime() - nowMs;
  return (
    <time dateTime={at.toISOString()} data-tip={formatMoment(at)}>
      {left > 0 ? `in ${formatDuration(left)}` : "expired"}
    </time>
  );
}
