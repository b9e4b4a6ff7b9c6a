"use client";
import { TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { Suspense, useCallback, useId, useRef, useState } from "react";
import { Button } from "../_ui/button.tsx";
import { errorText } from "../_ui/error-text.ts";
import { Icon } from "../_ui/icon.tsx";
import { Dialog } from "../_ui/popups/index.ts";
import styles from "./ask.module.css";

interface AskDialogProps {
  readonly title: string;
  /** The act, such as `Untag`. */
  readonly act: string;
  readonly isDanger?: boolean;
  /** False: not all is said that has to be, or it cannot be done. */
  readonly isReady?: boolean;
  readonly children: ReactNode;
  /** Does it. When it fails, the dialog stays and says why. */
  readonly onAct: () => Promise<void>;
  readonly onClose: () => void;
}

/** Asks how something is to be done, does it, and stays with the reason where it is refused. */
export function AskDialog({ title, act, isDanger, isReady = true, children, onAct, onClose }: AskDialogProps) {
  const form = useRef<HTMLFormElement>(null);
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const firstToUse = useCallback(
    () => form.current?.querySelector<HTMLElement>("input:checked, input:not([type=radio]), [type=submit]") ?? true,
    [],
  );

  async function run(): Promise<void> {
    if (!isReady || isBusy) return;
    setBusy(true);
    setProblem(undefined);
    try {
      await onAct();
      onClose();
    } catch (error) {
      setProblem(errorText(error));
      setBusy(false);
    }
  }

  return (
    <Suspense fallback={null}>
      <Dialog title={title} onClose={onClose} initialFocus={firstToUse}>
        <form
          ref={form}
          className={styles.ask}
          onSubmit={(event) => {
            event.preventDefault();
            void run();
          }}
        >
          {children}
          {problem !== undefined && (
            <p className={styles.problem} role="alert">
              <Icon of={TriangleAlert} /> {problem}
            </p>
          )}
          <div className={styles.acts}>
            <Button onClick={onClose}>Cancel</Button>
            <Button look={isDanger ? "danger" : "primary"} type="submit" disabled={!isReady} isBusy={isBusy}>
              {act}
            </Button>
          </div>
        </form>
      </Dialog>
    </Suspense>
  );
}

interface FieldProps {
  readonly label: string;
  readonly value: string;
  /** What is wrong with it; absent: nothing, empty: that need not be said. */
  readonly fault: string | undefined;
  readonly hint?: ReactNode;
  readonly onChange: (value: string) => void;
}

/** A name that is typed; what is wrong with it stands below. */
export function NameField({ label, value, fault, hint, onChange }: FieldProps) {
  const id = useId();
  const isWrong = fault !== undefined && fault !== "";
  return (
    <label className={styles.field}>
      {label}
      <input
        value={value}
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        aria-invalid={isWrong}
        aria-describedby={id}
        onChange={({ target }) => onChange(target.value)}
      />
      <span id={id} className={isWrong ? "danger" : "muted"} role={isWrong ? "alert" : undefined}>
        {isWrong ? fault : hint}
      </span>
    </label>
  );
}

interface OptionsProps<Value extends string> {
  /** Tells it from other options of the dialog; absent: there are none. */
  readonly name?: string;
  readonly legend: string;
  readonly options: readonly { readonly value: Value; readonly label: ReactNode }[];
  readonly chosen: Value;
  readonly onChoose: (value: Value) => void;
}

/** One of several. */
export function Options<Value extends string>({
  name = "option",
  legend,
  options,
  chosen,
  onChoose,
}: OptionsProps<Value>) {
  return (
    <fieldset className={styles.options}>
      <legend>{legend}</legend>
      {options.map(({ value, label }) => (
        <label key={value}>
          <input type="radio" name={name} checked={value === chosen} onChange={() => onChoose(value)} />
          <span>{label}</span>
        </label>
      ))}
    </fieldset>
  );
}
