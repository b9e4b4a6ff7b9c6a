"use client";
import { useState } from "react";
import { useStore } from "../_live/hooks.ts";
import { Dialog } from "../_ui/popups/index.ts";
import type { Shortcut } from "../_ui/shortcuts.ts";
import { areShortcutsOn, setShortcutsOn, shortcutsStore } from "../_ui/shortcuts.ts";
import styles from "./shell.module.css";

type Line = Pick<Shortcut, "keys" | "label">;

/** Keys that lists and fields know by themselves. */
const rowKeys: readonly Line[] = [
  { keys: "j ↓", label: "Next row" },
  { keys: "k ↑", label: "Previous row" },
  { keys: "PgUp PgDn", label: "Move by a page" },
  { keys: "Home End", label: "First and last row" },
  { keys: "Enter", label: "Open" },
  { keys: "Esc", label: "Close, or leave the query" },
];

/** Lists the keys of this page, and turns single keys off. */
export function KeysHelp({ onClose }: { readonly onClose: () => void }) {
  const shortcuts = useStore(shortcutsStore);
  const [isOn, setOn] = useState(areShortcutsOn);
  const of = (group: Shortcut["group"]) => shortcuts.filter((shortcut) => shortcut.group === group);
  return (
    <Dialog title="Keys" onClose={onClose}>
      <div className={styles.keys}>
        <KeyGroup title="Everywhere" lines={of("Everywhere")} />
        <div>
          <KeyGroup title="Rows" lines={[...rowKeys, ...of("Rows")]} />
          <KeyGroup title="Acts" lines={of("Acts")} />
        </div>
      </div>
      <label className={styles.setting}>
        <input
          type="checkbox"
          checked={isOn}
          onChange={({ target }) => {
            setShortcutsOn(target.checked);
            setOn(target.checked);
          }}
        />
        Single keys work
      </label>
    </Dialog>
  );
}

function KeyGroup({ title, lines }: { readonly title: string; readonly lines: readonly Line[] }) {
  if (lines.length === 0) return null;
  return (
    <section>
      <h3>{title}</h3>
      <ul>
        {lines.map(({ keys, label }) => (
          <li key={keys}>
            <span>{label}</span>
            <span>
              {keys.split(" ").map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
