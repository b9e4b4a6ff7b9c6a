"use client";
import { ArrowUp } from "lucide-react";
import type { FormEvent, ReactNode } from "react";
import { useState } from "react";
import { formatCount } from "../format.ts";
import { Icon } from "../icon.tsx";
import { useShortcut } from "../shortcuts.ts";
import { rowOfText } from "./jump.ts";
import styles from "./list.module.css";
import type { AboveSight } from "./use-anchor.ts";

interface ListStripProps {
  /** From 0. */
  readonly index: number;
  readonly count: number;
  /** How many there are, in words. */
  readonly whole: string;
  readonly anchor: AboveSight;
  readonly onJump: (index: number) => void;
  readonly children: ReactNode;
}

/** The line below the rows: where the list is, what it is, and what is new above. */
export function ListStrip({ index, count, whole, anchor, onJump, children }: ListStripProps) {
  const [isAsking, setAsking] = useState(false);
  useShortcut(":", "Go to a row, or to 50%", "Rows", () => setAsking(true));
  return (
    <div className={styles.strip}>
      {isAsking ? (
        <JumpForm count={count} onJump={onJump} onClose={() => setAsking(false)} />
      ) : (
        <button type="button" className={styles.place} data-tip="Go to a row" onClick={() => setAsking(true)}>
          row {formatCount(index + 1)} of {whole}
        </button>
      )}
      {children}
      {anchor.newAbove > 0 && (
        <button type="button" className={styles.pill} onClick={anchor.toTop}>
          <Icon of={ArrowUp} size={12} />
          {anchor.newAbove} new above
        </button>
      )}
    </div>
  );
}

interface JumpFormProps {
  readonly count: number;
  readonly onJump: (index: number) => void;
  readonly onClose: () => void;
}

function JumpForm({ count, onJump, onClose }: JumpFormProps) {
  const [text, setText] = useState("");
  const index = rowOfText(text, count);

  function jump(event: FormEvent): void {
    event.preventDefault();
    if (index === undefined) return;
    onClose();
    onJump(index);
  }

  return (
    <form className={styles.jump} onSubmit={jump}>
      <input
        ref={(element) => element?.focus()}
        value={text}
        inputMode="numeric"
        placeholder="Row or %"
        aria-label="Row number, or a share such as 50%"
        aria-invalid={text !== "" && index === undefined}
        autoComplete="off"
        onChange={({ target }) => setText(target.value)}
        onBlur={onClose}
        onKeyDown={(event) => event.key === "Escape" && onClose()}
      />
      <span>of {formatCount(count)}</span>
    </form>
  );
}
