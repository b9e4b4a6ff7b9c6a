"use client";
import type { ReactNode } from "react";
import { useId } from "react";
import { useStore } from "../_live/hooks.ts";
import type { Setting } from "../_settings/setting.ts";
import { Button } from "../_ui/button.tsx";
import styles from "./settings.module.css";

interface ChoiceProps<Value extends string> {
  readonly legend: string;
  readonly hint?: string;
  readonly setting: Setting<Value>;
  readonly words: Readonly<Record<Value, string>>;
}

/** One of several, which holds at once. */
export function Choice<Value extends string>({ legend, hint, setting, words }: ChoiceProps<Value>) {
  const name = useId();
  const chosen = useStore(setting);
  return (
    <fieldset className={styles.field}>
      <legend>{legend}</legend>
      <div>
        <span className={styles.choices}>
          {keysOf(words).map((value) => (
            <label key={value}>
              <input type="radio" name={name} checked={value === chosen} onChange={() => setting.set(value)} />
              {words[value]}
            </label>
          ))}
        </span>
        {hint && <p className={styles.hint}>{hint}</p>}
      </div>
    </fieldset>
  );
}

function keysOf<Key extends string>(words: Readonly<Record<Key, string>>): readonly Key[] {
  return Object.keys(words) as Key[];
}

interface ResetProps {
  readonly settings: readonly Pick<Setting<unknown>, "reset">[];
  readonly children: ReactNode;
}

/** Makes settings what they are where nobody chose. */
export function Reset({ settings, children }: ResetProps) {
  return (
    <p className={styles.acts}>
      <Button
        onClick={() => {
          for (const setting of settings) setting.reset();
        }}
      >
        {children}
      </Button>
      <span className="muted">Kept in this browser alone.</span>
    </p>
  );
}
