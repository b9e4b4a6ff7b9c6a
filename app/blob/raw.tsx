"use client";
import { useVirtualizer } from "@tanstack/react-virtual";
import { ShieldAlert } from "lucide-react";
import { useMemo, useRef, useState } from "react";
import type { Digest } from "../../content/digest.ts";
import { isKind } from "../../content/errors.ts";
import { formatBytes, formatCounted } from "../_ui/format.ts";
import { Icon } from "../_ui/icon.tsx";
import { ErrorState, State } from "../_ui/states.tsx";
import { decodeText, hexLine, hexLineBytes, visibleText } from "../_ui/visible-text.ts";
import styles from "./raw.module.css";
import { headBytes, useHeadBytes } from "./use-head-bytes.ts";

interface RawProps {
  readonly namespace: string;
  readonly digest: Digest;
  /** Bytes of the whole blob. */
  readonly size: number;
}

type View = "text" | "hex";

/** The first bytes of a blob, as text or in hex. Whatever they are, they are shown as text and nothing else. */
export function Raw({ namespace, digest, size }: RawProps) {
  const [tries, setTries] = useState(0);
  const { bytes, error } = useHeadBytes(namespace, digest, tries);
  const [wanted, setWanted] = useState<View>();
  const text = useMemo(() => bytes && decodeText(bytes, size > bytes.length), [bytes, size]);
  const view = text === undefined ? "hex" : (wanted ?? "text");
  return (
    <section className={styles.raw} aria-label="Raw">
      <header className={styles.bar}>
        <h2>Raw</h2>
        <span className="muted cut">
          {size > headBytes ? `first ${formatBytes(headBytes)} of ${formatBytes(size)}` : formatBytes(size)}
        </span>
        <span className="grow" />
        <ViewSwitch view={view} hasText={text !== undefined} onView={setWanted} />
      </header>
      {error !== undefined && <ReadError error={error} onRetry={() => setTries((count) => count + 1)} />}
      {bytes?.length === 0 && <State title="This blob has no bytes" />}
      {bytes && bytes.length > 0 && <Lines key={view} bytes={bytes} text={view === "text" ? text : undefined} />}
    </section>
  );
}

function ReadError({ error, onRetry }: { readonly error: unknown; readonly onRetry: () => void }) {
  if (!isKind(error, "data-loss")) return <ErrorState error={error} onRetry={onRetry} />;
  return (
    <State title="These bytes are damaged" drawing={<Icon of={ShieldAlert} className="danger" />}>
      What is stored does not match the digest, so that it is not shown: <code>{error.message}</code>. Writing the blob
      again heals it.
    </State>
  );
}

interface ViewSwitchProps {
  readonly view: View;
  readonly hasText: boolean;
  readonly onView: (view: View) => void;
}

function ViewSwitch({ view, hasText, onView }: ViewSwitchProps) {
  return (
    <fieldset className={styles.switch}>
      <legend className="hidden">Show as</legend>
      <button type="button" aria-pressed={view === "text"} disabled={!hasText} onClick={() => onView("text")}>
        Text
      </button>
      <button type="button" aria-pressed={view === "hex"} onClick={() => onView("hex")}>
        Hex
      </button>
    </fieldset>
  );
}

const lineHeight = 20;

/** Lines of text with their numbers, or of hex with their offsets; only those in sight are drawn. */
function Lines({ bytes, text }: { readonly bytes: Uint8Array; readonly text: string | undefined }) {
  const scroller = useRef<HTMLDivElement>(null);
  const lines = useMemo(() => text?.replace(/\n$/, "").split("\n"), [text]);
  const count = lines?.length ?? Math.ceil(bytes.length / hexLineBytes);
  const width = useMemo(() => lines && Math.max(...lines.map((line) => line.length)) + 10, [lines]);
  const virtualizer = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => lineHeight,
    overscan: 12,
  });
  return (
    // biome's rule on interactive elements: a region that scrolls has to be reached by keys.
    <div
      ref={scroller}
      className={styles.lines}
      tabIndex={0}
      role="region"
      aria-label={lines ? `Text, ${formatCounted(count, "line")}` : "Hex"}
    >
      <div className={styles.space} style={{ height: virtualizer.getTotalSize(), minWidth: `${width ?? 78}ch` }}>
        {virtualizer.getVirtualItems().map(({ index, start }) => (
          <div key={index} className={styles.line} style={{ transform: `translateY(${start}px)` }}>
            {lines ? <TextLine number={index + 1} text={lines[index] ?? ""} /> : <HexRow bytes={bytes} line={index} />}
          </div>
        ))}
      </div>
    </div>
  );
}

function TextLine({ number, text }: { readonly number: number; readonly text: string }) {
  return (
    <>
      <span className={styles.number}>{number}</span>
      <span>{visibleText(text)}</span>
    </>
  );
}

function HexRow({ bytes, line }: { readonly bytes: Uint8Array; readonly line: number }) {
  const { offset, hex, text } = hexLine(bytes, line * hexLineBytes);
  return (
    <>
      <span className={styles.offset}>{offset}</span>
      <span>{hex}</span>
      <span className="muted">{text}</span>
    </>
  );
}
