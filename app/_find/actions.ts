import { chosenKeys } from "../_settings/keys.ts";
import type { Shortcut } from "../_ui/shortcuts.ts";
import type { Found } from "./found.ts";

/** The keys that open this, as the list of keys shows them. */
export const findKeys = "Ctrl K";

/** Keys that are none for this list: pages are found by their names, and Escape is for what is open. */
const notListed = /^g \S$|^Escape$/;

/** What is about one thing comes first. */
const groups: readonly Shortcut["group"][] = ["Acts", "Rows", "Everywhere"];

/**
 * What can be done now, each once.
 *
 * @param shortcuts of what is on the page
 * @param row the row that has the focus; absent: what only a row can do is left out
 */
export function actionsOf(shortcuts: readonly Shortcut[], row: HTMLElement | undefined): readonly Found[] {
  const byKeys = new Map<string, Found>();
  for (const group of groups) {
    for (const { keys, label, run } of shortcuts.filter((shortcut) => shortcut.group === group)) {
      if (notListed.test(keys) || keys === findKeys) continue;
      const act = run ?? (row === undefined || group === "Everywhere" ? undefined : () => press(row, keys));
      if (act !== undefined)
        byKeys.set(keys, { key: `action ${keys}`, kind: "action", label, note: "", keys, run: act });
    }
  }
  return [...byKeys.values()];
}

/** A row hears its keys by itself. */
function press(row: HTMLElement, keys: string): void {
  const [key = "", modifier] = chosenKeys(keys).split(" ").reverse();
  const pressed = { key, ctrlKey: modifier === "Ctrl", bubbles: true, cancelable: true };
  row.focus();
  row.dispatchEvent(new KeyboardEvent("keydown", pressed));
}
