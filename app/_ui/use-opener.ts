"use client";
import type { RefObject } from "react";
import { useCallback, useRef, useState } from "react";

/** An element that opens a popup. */
export interface Opener<Element extends HTMLElement> {
  readonly anchor: RefObject<Element | null>;
  readonly isOpen: boolean;
  readonly toggle: () => void;
  readonly close: () => void;
}

/** Keeps whether a popup is open, and what it hangs on. */
export function useOpener<Element extends HTMLElement = HTMLButtonElement>(): Opener<Element> {
  const anchor = useRef<Element>(null);
  const [isOpen, setOpen] = useState(false);
  const toggle = useCallback(() => setOpen((was) => !was), []);
  const close = useCallback(() => setOpen(false), []);
  return { anchor, isOpen, toggle, close };
}
