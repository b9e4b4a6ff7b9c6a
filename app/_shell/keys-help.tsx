"use client";
import Link from "next/link";
import { useStore } from "../_live/hooks.ts";
import type { ChosenKeys } from "../_settings/keys.ts";
import { chosenKeys, keysSetting, singleKeysSetting } from "../_settings/keys.ts";
import { Dialog } from "../_ui/popups/index.ts";
import type { Shortcut } from "../_ui/shortcuts.ts";
import { shortcutsStore } from "../_ui/shortcuts.ts";
import { tabHref } from "../settings/tab-href.ts";
import { settingsPage } from "./pages.ts";
import { useScope } from "./scope.ts";
import styles from "./shell.module.css";

interface Line extends Pick<Shortcut, "label"> {
  /** Two after each other, such as `g c`; a list: each alone does it. */
  readonly keys: string | readonly string[];
}

/** Keys that lists and fields know by themselves. */
const rowKeys: readonly Line[] = [
  { keys: ["j", "↓"], label: "Next row" },
  { keys: ["k", "↑"], label: "Previous row" },
  { keys: ["PgUp", "PgDn"], label: "Move by a page" },
  { keys: ["Home", "End"], label: "First and last row" },
  { keys: "Enter", label: "Open" },
  { keys: "Esc", label: "Close, or leave the query" },
];

/** What several parts of a page know alike is one line; Escape stands among rowKeys. */
function linesOf(shortcuts: readonly Shortcut[]): readonly Line[] {
  const lines = new Map(shortcuts.map((shortcut) => [`${shortcut.keys} ${shortcut.label}`, shortcut]));
  return [...lines.values()].filter(({ keys }) => keys !== "Escape");
}

/** Lists the keys of this page, and turns single keys off. */
export function KeysHelp({ onClose }: { readonly onClose: () => void }) {
  const shortcuts = useStore(shortcutsStore);
  const singleKeys = useStore(singleKeysSetting);
  const { hrefOf } = useScope();
  const of = (group: Shortcut["group"]) => linesOf(shortcuts.filter((shortcut) => shortcut.group === group));
  return (
    <Dialog title="Keys" onClose={onClose}>
      <div className={styles.keys}>
        <KeyGroup title="Everywhere" lines={of("Everywhere")} />
        <div>
          <KeyGroup title="Rows" lines={[...rowKeys, ...of("Rows")]} />
          <KeyGroup title="Acts" lines={of("Acts")} />
        </div>
      </div>
      <div className={styles.setting}>
        <label>
          <input
            type="checkbox"
            checked={singleKeys === "on"}
            onChange={({ target }) => singleKeysSetting.set(target.checked ? "on" : "off")}
          />
          Single keys work
        </label>
        <Link
          className="link"
          href={tabHref(hrefOf(settingsPage.path), "shortcuts")}
          prefetch={false}
          onClick={onClose}
        >
          Change keys…
        </Link>
      </div>
    </Dialog>
  );
}

function KeyGroup({ title, lines }: { readonly title: string; readonly lines: readonly Line[] }) {
  const chosen = useStore(keysSetting);
  if (lines.length === 0) return null;
  return (
    <section>
      <h3>{title}</h3>
      <ul>
        {lines.map(({ keys, label }) => (
          <li key={label}>
            <span>{label}</span>
            <span>
              {shownKeys(keys, chosen).map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function shownKeys(keys: Line["keys"], chosen: ChosenKeys): readonly string[] {
  return typeof keys === "string" ? chosenKeys(keys, chosen).split(" ") : keys.map((key) => chosenKeys(key, chosen));
}
