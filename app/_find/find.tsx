"use client";
import { Search } from "lucide-react";
import { lazy, Suspense, useCallback, useEffect, useRef, useState } from "react";
import { Icon } from "../_ui/icon.tsx";
import { join } from "../_ui/join.ts";
import { patiently } from "../_ui/popups/patiently.ts";
import { useKeyHint } from "../_ui/shortcuts.ts";
import { findKeys } from "./actions.ts";
import styles from "./find.module.css";
import type { PaletteProps } from "./palette.tsx";

const loadPalette = patiently(async () => ({ default: (await import("./palette.tsx")).Palette }));
const Palette = lazy(loadPalette);

/** The button of the top bar, and the palette that it and Ctrl+K or Command+K open. Its code comes with its first use. */
export function Find() {
  const { text, type, row, isEntered, enter, open, close } = useFind();
  useKeyHint(findKeys, "Find", "Everywhere");
  return (
    <>
      <button
        type="button"
        className={styles.find}
        aria-label="Find"
        aria-haspopup="dialog"
        aria-expanded={text !== undefined}
        aria-keyshortcuts="Control+K Meta+K"
        onClick={open}
        onFocus={loadPalette}
        onPointerEnter={loadPalette}
      >
        <Icon of={Search} />
        <span className={join("cut", styles.words)}>Find a digest, ref or page…</span>
        <kbd aria-hidden="true">{findKeys}</kbd>
      </button>
      {text !== undefined && (
        <Suspense fallback={<Waiting text={text} onText={type} onEnter={enter} onClose={close} />}>
          <Palette text={text} onText={type} row={row} isEntered={isEntered} onClose={close} />
        </Suspense>
      )}
    </>
  );
}

/** Whether it is open and with which text, and where the focus goes afterwards. */
function useFind() {
  const [text, setText] = useState<string>();
  const [row, setRow] = useState<HTMLElement>();
  const [isEntered, setEntered] = useState(false);
  const opener = useRef<HTMLElement>(undefined);
  const next = useRef<() => void>(undefined);

  const open = useCallback(() => {
    const active = document.activeElement instanceof HTMLElement ? document.activeElement : undefined;
    opener.current = active;
    setRow(active?.closest<HTMLElement>("[role=row][data-key]") ?? undefined);
    setEntered(false);
    setText("");
  }, []);
  const enter = useCallback(() => setEntered(true), []);
  const type = useCallback((next: string) => {
    setText(next);
    setEntered(false);
  }, []);
  const close = useCallback((then?: () => void) => {
    next.current = then;
    setText(undefined);
  }, []);

  const isOpen = text !== undefined;
  useEffect(() => {
    if (isOpen) return;
    opener.current?.focus();
    opener.current = undefined;
    next.current?.();
    next.current = undefined;
  }, [isOpen]);
  useFindKeys(isOpen, open, close);
  return { text, type, row, isEntered, enter, open, close };
}

function useFindKeys(isOpen: boolean, open: () => void, close: () => void): void {
  useEffect(() => {
    function onKeyDown(event: KeyboardEvent): void {
      const isFind = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key === "k";
      if (!isFind) return;
      event.preventDefault();
      if (isOpen) close();
      else if (document.querySelector("[role=dialog], [role=alertdialog]") === null) open();
    }
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, [isOpen, open, close]);
}

interface WaitingProps extends Pick<PaletteProps, "text" | "onText" | "onClose"> {
  readonly onEnter: () => void;
}

/** Takes what is typed and entered until the palette is there. */
function Waiting({ text, onText, onEnter, onClose }: WaitingProps) {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.focus(), []);
  return (
    <div className={styles.palette} role="dialog" aria-label="Find">
      <div className={styles.field}>
        <Icon of={Search} />
        <input
          ref={input}
          aria-label="Find"
          value={text}
          spellCheck={false}
          onChange={({ target }) => onText(target.value)}
          onKeyDown={({ key, nativeEvent }) => {
            if (key === "Escape") onClose();
            if (key === "Enter" && !nativeEvent.isComposing) onEnter();
          }}
        />
      </div>
    </div>
  );
}
