"use client";
import { Tooltip } from "@base-ui/react/tooltip";
import { useEffect, useState } from "react";
import { toldTipStore } from "../lock.ts";
import styles from "./popup.module.css";

interface Tip {
  readonly anchor: Element;
  readonly text: string;
}

/** How long a pointer rests before a tip comes, in milliseconds. */
const restMs = 400;

/** How long the focus rests on a row before its tip comes, in milliseconds: keys pass many rows. */
const rowMs = 1200;

/** How long a tip stays that was not asked for by resting, in milliseconds. */
const toldMs = 5000;

/** The one tip of the page: of whatever has `data-tip` and is under the pointer or has the focus. */
export default function Tips() {
  const [tip, setTip] = useState<Tip>();
  useEffect(() => listen(setTip), []);
  return (
    <Tooltip.Root open={tip !== undefined} onOpenChange={(isOpen) => isOpen || setTip(undefined)}>
      <Tooltip.Portal>
        <Tooltip.Positioner
          anchor={tip?.anchor ?? null}
          side="top"
          sideOffset={6}
          collisionPadding={8}
          className={styles.tipLayer}
        >
          <Tooltip.Popup className={styles.tip}>{tip?.text}</Tooltip.Popup>
        </Tooltip.Positioner>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}

/** What a tip is about: the element itself, or of a row that has the focus the part that explains it. */
function anchorOf(element: Element): Element | null {
  const inRow = element.getAttribute("role") === "row" ? element.querySelector("[data-row-tip]") : null;
  return inRow ?? element.closest("[data-tip]");
}

function listen(show: (tip: Tip | undefined) => void): () => void {
  const end = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;

  function onEnter(event: Event, delayMs: number): void {
    clearTimeout(timer);
    const anchor = event.target instanceof Element ? anchorOf(event.target) : null;
    const text = anchor?.getAttribute("data-tip");
    if (anchor === null || !text) return show(undefined);
    timer = setTimeout(() => anchor.isConnected && show({ anchor, text }), delayMs);
  }

  function hide(): void {
    clearTimeout(timer);
    show(undefined);
  }

  function showTold(): void {
    const told = toldTipStore.get();
    if (told === undefined) return;
    toldTipStore.set(undefined);
    if (!told.anchor?.isConnected) return;
    clearTimeout(timer);
    show({ anchor: told.anchor, text: told.text });
    timer = setTimeout(hide, toldMs);
  }

  const options = { signal: end.signal, passive: true };
  showTold();
  const unsubscribe = toldTipStore.subscribe(showTold);
  document.addEventListener("pointerover", (event) => event.pointerType === "mouse" && onEnter(event, restMs), options);
  document.addEventListener(
    "focusin",
    (event) => {
      if (!(event.target instanceof Element) || !event.target.matches(":focus-visible")) return;
      onEnter(event, event.target.getAttribute("role") === "row" ? rowMs : 0);
    },
    options,
  );
  document.addEventListener("focusout", hide, options);
  document.addEventListener("pointerdown", hide, options);
  document.addEventListener("keydown", (event) => event.key === "Escape" && hide(), options);
  document.addEventListener("scroll", hide, { ...options, capture: true });
  return () => {
    clearTimeout(timer);
    unsubscribe();
    end.abort();
  };
}
