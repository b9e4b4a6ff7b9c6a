"use client";
import styles from "./palette.module.css";
import { prefixes } from "./recognize.ts";

/** What else can be typed, and the keys. @param onPrefix what is to be typed then */
export function PaletteFoot({ onPrefix }: { readonly onPrefix: (prefix: string) => void }) {
  return (
    <div className={styles.foot}>
      {Object.entries(prefixes).map(([prefix, name]) => (
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
