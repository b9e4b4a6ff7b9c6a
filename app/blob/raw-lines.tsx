"use client";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useMemo, useRef } from "react";
import { formatCounted } from "../_ui/format.ts";
import { hexLine, hexLineBytes, visibleText } from "../_ui/visible-text.ts";
import styles from "./raw.module.css";

const lineHeight = 20;

interface RawLinesProps {
  readonly bytes: Uint8Array;
  /** Absent: they are shown in hex. */
  readonly text: string | undefined;
}

/** Lines of text with their numbers, or of hex with their offsets; only those in sight are drawn. */
export function RawLines({ bytes, text }: RawLinesProps) {
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
