"use client";
import { useEffect, useRef } from "react";
import { createStore } from "../_live/store.ts";
import { chosenKeys, singleKeysSetting } from "../_settings/keys.ts";
import { type Need, unlessLocked } from "./lock.ts";

/** A key, or two after each other such as `g c`, and what it does. */
export interface Shortcut {
  readonly keys: string;
  /** What it does, for people. */
  readonly label: string;
  /** Where the list of keys shows it. */
  readonly group: "Everywhere" | "Rows" | "Acts";
  /** Absent: the focused row or field knows the key itself, and it is only listed. */
  readonly run?: () => void;
}

const registered = createStore<readonly Shortcut[]>([]);

/** The shortcuts of what is on the page now. */
export const shortcutsStore = registered;

/** A key that works while the component is there. @param needs where that is not let, the key says why; absent: nothing is needed */
export function useShortcut(
  keys: string,
  label: string,
  group: Shortcut["group"],
  run: () => void,
  needs?: Need,
): void {
  const latest = useRef(run);
  useEffect(() => {
    latest.current = run;
  });
  useEffect(() => {
    const shortcut = { keys, label, group, run: () => unlessLocked(needs, latest.current) };
    registered.set([...registered.get(), shortcut]);
    return () => registered.set(registered.get().filter((each) => each !== shortcut));
  }, [keys, label, group, needs]);
}

/** Lists a key that the focused row knows itself, while the component is there. */
export function useKeyHint(keys: string, label: string, group: Shortcut["group"]): void {
  useEffect(() => {
    const hint = { keys, label, group };
    registered.set([...registered.get(), hint]);
    return () => registered.set(registered.get().filter((each) => each !== hint));
  }, [keys, label, group]);
}

/** A second key counts so long after the first, in milliseconds. */
const sequenceMs = 1000;

/** The last key, and when it came by the clock of events. */
let last = { key: "", at: Number.NEGATIVE_INFINITY };

/** True for the second key of a shortcut of two, which means nothing else then. */
export function endsSequence({ key, timeStamp }: Pick<KeyboardEvent, "key" | "timeStamp">): boolean {
  return timeStamp - last.at < sequenceMs && find(`${last.key} ${key}`) !== undefined;
}

/** Listens for shortcuts on the whole page. @returns a function that ends it */
export function listenForShortcuts(): () => void {
  function onKeyDown(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (singleKeysSetting.get() === "off" && event.key !== "Escape") return;
    const shortcut = find(endsSequence(event) ? `${last.key} ${event.key}` : nameOf(event.key));
    last = { key: event.key, at: event.timeStamp };
    if (!shortcut) return;
    event.preventDefault();
    shortcut.run?.();
  }
  document.addEventListener("keydown", onKeyDown);
  return () => document.removeEventListener("keydown", onKeyDown);
}

function find(keys: string): Shortcut | undefined {
  return registered.get().findLast((shortcut) => chosenKeys(shortcut.keys) === keys && shortcut.run !== undefined);
}

/** Keyboards without Delete have Backspace in its place. */
function nameOf(key: string): string {
  return key === "Backspace" ? "Delete" : key;
}

/** True in what takes keys itself: fields, menus, dialogs. */
function isTyping(target: EventTarget | null): boolean {
  const own = "input, textarea, select, [contenteditable], [role=menu], [role=dialog], [role=alertdialog]";
  return target instanceof Element && target.closest(own) !== null;
}
