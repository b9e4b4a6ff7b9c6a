"use client";
import { Plus } from "lucide-react";
import { useState } from "react";
import type { Info, Labels as LabelMap } from "../../content/store.ts";
import { contentOf } from "../_live/live.ts";
import { Button } from "../_ui/button.tsx";
import { formatCount } from "../_ui/format.ts";
import { useShortcut } from "../_ui/shortcuts.ts";
import { LabelForm } from "./label-form.tsx";
import { LabelRow } from "./label-row.tsx";
import styles from "./labels.module.css";

interface LabelsProps {
  readonly namespace: string;
  readonly info: Info;
}

/** The labels of a blob, each of which can be changed. The stream tells what became of it. */
export function Labels({ namespace, info }: LabelsProps) {
  const [edited, setEdited] = useState<string>();
  const keys = Object.keys(info.labels).sort();
  useShortcut("l", "Add a label", "Acts", () => setEdited(""));

  async function write(key: string, value: string): Promise<void> {
    const labels: LabelMap = { [key]: value };
    await contentOf(namespace).update({ digest: info.digest, labels }, [`labels.${key}`]);
    setEdited(undefined);
  }

  return (
    <section className={styles.labels} aria-label="Labels">
      <header className={styles.bar}>
        <h2>Labels</h2>
        <span className="muted">{formatCount(keys.length)}</span>
        <span className="grow" />
        <Button isSmall look="ghost" icon={Plus} onClick={() => setEdited("")}>
          Add
        </Button>
      </header>
      <div className={styles.body}>
        {edited === "" && <LabelForm taken={keys} onWrite={write} onCancel={() => setEdited(undefined)} />}
        {keys.length === 0 && edited === undefined && (
          <p className={styles.none}>
            No labels. Clients keep notes in them, and <code>containerd.io/gc.*</code> says what collection keeps.
          </p>
        )}
        <ul>
          {keys.map((key) => (
            <LabelRow
              key={key}
              name={key}
              value={info.labels[key] ?? ""}
              namespace={namespace}
              isEdited={edited === key}
              onEdit={() => setEdited(key)}
              onCancel={() => setEdited(undefined)}
              onWrite={write}
            />
          ))}
        </ul>
      </div>
    </section>
  );
}
