"use client";
import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { announcementsSetting } from "../_settings/display.ts";

/** Least time between two sentences, in milliseconds. */
const quietMs = 5_000;

const heard = new EventTarget();

/** What is to be said. */
interface Saying {
  readonly sentence: string;
  readonly onSaid: (() => void) | undefined;
}

/**
 * Say a sentence to who listens to the page instead of looking at it; at most one in 5 s, the latest.
 *
 * @param onSaid it was said; never called where a later sentence took its place
 */
export function announce(sentence: string, onSaid?: () => void): void {
  heard.dispatchEvent(new CustomEvent<Saying>("say", { detail: { sentence, onSaid } }));
}

/** The one polite region of the page. */
export function Announcer() {
  const [sentence, setSentence] = useState("");
  const lastAt = useRef(Number.NEGATIVE_INFINITY);
  // A busy page says a sentence later than it is told to: the next one keeps its distance from when it was said.
  useLayoutEffect(() => {
    if (sentence !== "") lastAt.current = performance.now();
  }, [sentence]);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    function onSay(event: Event): void {
      if (announcementsSetting.get() === "off") return;
      const { detail } = event as CustomEvent<Saying>;
      clearTimeout(timer);
      const waitMs = Math.max(0, lastAt.current + quietMs - performance.now());
      timer = setTimeout(() => {
        lastAt.current = performance.now();
        setSentence(detail.sentence);
        detail.onSaid?.();
      }, waitMs);
    }
    heard.addEventListener("say", onSay);
    return () => {
      heard.removeEventListener("say", onSay);
      clearTimeout(timer);
    };
  }, []);
  return (
    <output className="hidden" aria-live="polite">
      {sentence}
    </output>
  );
}
