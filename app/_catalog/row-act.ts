import type { LucideIcon } from "lucide-react";
import { type Need, unlessLocked } from "../_ui/lock.ts";

/** Something that can be done with a row. */
export interface RowAct {
  readonly key: string;
  readonly label: string;
  readonly icon: LucideIcon;
  /** The key that does it in the row; absent: only the menu of acts does. */
  readonly shortcut?: string;
  readonly isDanger?: boolean;
  /** Absent: nothing. */
  readonly needs?: Need;
  readonly run: () => void;
}

/** An act as a line of a menu. */
interface ActItem {
  readonly key: string;
  readonly label: string;
  readonly icon: LucideIcon;
  readonly note?: string;
  readonly isDanger?: boolean;
  readonly needs?: Need;
  readonly onSelect: () => void;
}

/** Acts as the lines of a menu: what destroys stands apart. */
export function menuGroups(acts: readonly RowAct[]): readonly (readonly ActItem[])[] {
  const items = acts.map(({ key, label, icon, shortcut, isDanger, needs, run }): ActItem => {
    const note = shortcut === "Delete" ? "Del" : shortcut;
    return {
      key,
      label,
      icon,
      ...(note && { note }),
      ...(isDanger && { isDanger }),
      ...(needs && { needs }),
      onSelect: run,
    };
  });
  return [items.filter(({ isDanger }) => !isDanger), items.filter(({ isDanger }) => isDanger)].filter(
    (group) => group.length > 0,
  );
}

/** True for a key that deletes; with a selection it is about that. */
export function isDeletion(key: string): boolean {
  return key === "Delete" || key === "Backspace";
}

/** Does the act of a key, or says why it is locked. @returns false where there is none */
export function runByKey(acts: readonly RowAct[], key: string): boolean {
  const act = acts.find(({ shortcut }) => shortcut === (isDeletion(key) ? "Delete" : key));
  if (act) unlessLocked(act.needs, act.run);
  return act !== undefined;
}
