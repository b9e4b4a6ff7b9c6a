"use client";
import type { FormEvent } from "react";
import { useState } from "react";
import { useStore } from "../_live/hooks.ts";
import { chosenKeys, keysSetting, singleKeysSetting } from "../_settings/keys.ts";
import { Button } from "../_ui/button.tsx";
import { Choice, Reset } from "./choice.tsx";
import type { KnownKeys } from "./known-keys.ts";
import { chooseKeys, faultOfKeys, knownKeys } from "./known-keys.ts";
import styles from "./settings.module.css";

/** The keys of the pages: turned off, or others in their places. */
export function ShortcutsTab() {
  return (
    <>
      <div className={styles.part}>
        <Choice
          legend="Single keys"
          setting={singleKeysSetting}
          words={{ on: "Work", off: "Do nothing" }}
          hint="Off: keys work only in the row that has the focus. Escape, and Ctrl or ⌘ with K, always work."
        />
      </div>
      {Object.entries(knownKeys).map(([group, keys]) => (
        <section key={group} className={styles.part}>
          <h2>{group}</h2>
          {keys.map((known) => (
            <KeyField key={known.keys} known={known} />
          ))}
        </section>
      ))}
      <Reset settings={[keysSetting, singleKeysSetting]}>Reset shortcuts</Reset>
    </>
  );
}

function KeyField({ known: { keys: made, label } }: { readonly known: KnownKeys }) {
  const chosen = useStore(keysSetting);
  const held = chosenKeys(made, chosen);
  const [typed, setTyped] = useState<string>();
  const [fault, setFault] = useState<string>();
  const id = `keys-${made}`;

  function choose(wanted: string): void {
    const why = faultOfKeys(made, wanted, chosen);
    setFault(why);
    if (why !== undefined) return;
    setTyped(undefined);
    keysSetting.set(chooseKeys(made, wanted, chosen));
  }

  function submit(event: FormEvent): void {
    event.preventDefault();
    choose((typed ?? held).trim());
  }

  return (
    <form className={`${styles.field} ${styles.keyField}`} onSubmit={submit}>
      <label htmlFor={id}>{label}</label>
      <div>
        <span className={styles.value}>
          <input
            id={id}
            className={`${styles.input} ${styles.keys}`}
            value={typed ?? held}
            autoComplete="off"
            autoCapitalize="off"
            spellCheck={false}
            aria-invalid={fault !== undefined}
            aria-describedby={fault === undefined ? undefined : `${id}-fault`}
            onFocus={({ target }) => target.select()}
            onChange={({ target }) => setTyped(target.value)}
            onBlur={() => {
              setTyped(undefined);
              setFault(undefined);
            }}
          />
          {typed !== undefined && typed !== held && <kbd>Enter</kbd>}
          {held !== made && (
            <Button isSmall look="ghost" onClick={() => choose(made)} aria-label={`Back to ${made}: ${label}`}>
              Back to {made}
            </Button>
          )}
        </span>
        {fault !== undefined && (
          <p id={`${id}-fault`} className="danger" role="alert">
            {fault}
          </p>
        )}
      </div>
    </form>
  );
}
