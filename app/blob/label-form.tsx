"use client";
import { TriangleAlert } from "lucide-react";
import type { FormEvent } from "react";
import { useEffect, useRef, useState } from "react";
import { labelLimits } from "../../content/labels.ts";
import { utf8Length } from "../../content/utf8.ts";
import { Button } from "../_ui/button.tsx";
import { errorText } from "../_ui/error-text.ts";
import { formatCount } from "../_ui/format.ts";
import { Icon } from "../_ui/icon.tsx";
import { visibleText } from "../_ui/visible-text.ts";
import styles from "./labels.module.css";

interface LabelFormProps {
  /** Absent: a new label. */
  readonly name?: string;
  readonly value?: string;
  /** Keys that a new label cannot have. */
  readonly taken?: readonly string[];
  readonly onWrite: (key: string, value: string) => Promise<void>;
  readonly onCancel: () => void;
}

/** Writes one label. */
export function LabelForm({ name, value = "", taken = [], onWrite, onCancel }: LabelFormProps) {
  const first = useRef<HTMLInputElement>(null);
  const [key, setKey] = useState(name ?? "");
  const [text, setText] = useState(value);
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const bytes = utf8Length(key) + utf8Length(text);
  const fault = faultOf(key, text, bytes, taken);
  useEffect(() => first.current?.focus(), []);

  async function write(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (fault !== undefined || isBusy) return;
    setBusy(true);
    try {
      await onWrite(key, text);
    } catch (error) {
      setProblem(errorText(error));
      setBusy(false);
    }
  }

  return (
    <form
      className={styles.form}
      onSubmit={(event) => void write(event)}
      onKeyDown={(event) => event.key === "Escape" && onCancel()}
    >
      {name === undefined ? (
        <input
          ref={first}
          value={key}
          placeholder="Key"
          aria-label="Key"
          spellCheck={false}
          onChange={({ target }) => setKey(target.value)}
        />
      ) : (
        <code className={styles.name}>{visibleText(name)}</code>
      )}
      <input
        ref={name === undefined ? undefined : first}
        value={text}
        placeholder="Value"
        aria-label={name === undefined ? "Value" : `Value of ${name}`}
        spellCheck={false}
        onChange={({ target }) => setText(target.value)}
      />
      <div className={styles.formEnd}>
        <span className={bytes > labelLimits.pairBytes ? "danger" : "faint"}>
          {formatCount(bytes)} of {formatCount(labelLimits.pairBytes)} bytes
        </span>
        {fault !== undefined && fault !== "" && <span className="danger">{fault}</span>}
        {problem !== undefined && (
          <span role="alert" className={styles.problem}>
            <Icon of={TriangleAlert} /> {problem}
          </span>
        )}
        <span className="grow" />
        <Button isSmall onClick={onCancel}>
          Cancel
        </Button>
        <Button isSmall look="primary" type="submit" disabled={fault !== undefined} isBusy={isBusy}>
          Save
        </Button>
      </div>
    </form>
  );
}

/** Why a label cannot be written; empty where that need not be said; absent when it can. */
function faultOf(key: string, text: string, bytes: number, taken: readonly string[]): string | undefined {
  if (key === "" || text === "") return "";
  if (taken.includes(key)) return "There is such a label";
  return bytes > labelLimits.pairBytes ? "Too long" : undefined;
}
