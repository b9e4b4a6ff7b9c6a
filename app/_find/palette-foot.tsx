"use client";
import { useStore } from "../_live/hooks.ts";
import { storesStore } from "../_live/stores.ts";
import styles from "./palette.module.css";
import { prefixes } from "./recognize.ts";

/** What else can be typed, and the keys. @param onPrefix what is to be typed then */
export function PaletteFoot({ onPrefix }: { readonly onPrefix: (prefix: string) => void }) {
  const hasStores = useStore(storesStore).stores.length > 1;
  const offered = Object.entries(prefixes).filter(([, name]) => name !== "stores" || hasStores);
  return (
    <div className={styles.foot}>
      {offered.map(([prefix, name]) => (
        <button key={prefix} type="button" className={styles.prefix} onClick={() => onPrefix(prefix)}>
          <kbd aria-hidden="true">{prefix}</kbd>
          {name}
        </button>
      ))}
      <span className={styles.hints} aria-hidden="true">
        <kbd>↵</kbd> open <kbd>Ctrl ↵</kbd> new tab
      </span>
    </div>
  );
}
