"use client";
import { type RefObject, useLayoutEffect } from "react";

interface FocusNowProps {
  /** Gives the element; true leaves it to the popup. */
  readonly on: RefObject<HTMLElement | null> | (() => HTMLElement | true);
}

/**
 * The last child of a popup, or what follows one that takes the focus itself: the focus is in it by the time it is seen, so
 * that the very next key is the popup's. Base UI moves the focus in a later frame, and until then Enter would go to what is
 * below.
 */
export function FocusNow({ on }: FocusNowProps) {
  useLayoutEffect(() => {
    const element = typeof on === "function" ? on() : on.current;
    if (element instanceof HTMLElement) element.focus({ preventScroll: true });
  }, [on]);
  return null;
}
