"use client";
import type { FocusEvent } from "react";
import { useMemo, useState } from "react";

/** Whether somebody is in the rows, and what tells so. */
export interface Held {
  readonly isHeld: boolean;
  readonly listeners: {
    readonly onPointerEnter: () => void;
    readonly onPointerLeave: () => void;
    readonly onFocus: (event: FocusEvent) => void;
    readonly onBlur: () => void;
  };
}

/** True while the pointer or the keyboard is in the rows. @param isAsking true while a popup asks about a row */
export function useHeld(isAsking: boolean): Held {
  const [isPointed, setPointed] = useState(false);
  const [isFocused, setFocused] = useState(false);
  const listeners = useMemo(
    () => ({
      onPointerEnter: () => setPointed(true),
      onPointerLeave: () => setPointed(false),
      onFocus: ({ target }: FocusEvent) => setFocused(target.matches(":focus-visible")),
      onBlur: () => setFocused(false),
    }),
    [],
  );
  return { isHeld: isPointed || isFocused || isAsking, listeners };
}
