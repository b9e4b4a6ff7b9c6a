"use client";
import { Plus } from "lucide-react";
import type { Info } from "../../content/store.ts";
import { contentOf } from "../_live/live.ts";
import { Button } from "../_ui/button.tsx";
import { formatCount } from "../_ui/format.ts";
import { useShortcut } from "../_ui/shortcuts.ts";
import { LabelEditor, useEditedLabel } from "./label-editor.tsx";
import styles from "./labels.module.css";

interface LabelsProps {
  readonly namespace: string;
  readonly info: Info;
}

/** The labels of a blob, each of which can be changed. */
export function Labels({ namespace, info: { digest, labels } }: LabelsProps) {
  const editing = useEditedLabel((key, value) =>
    contentOf(namespace).update({ digest, labels: { [key]: value } }, [`labels.${key}`]),
  );
  const add = () => editing.setEdited("");
  useShortcut("l", "Add a label", "Acts", add, "change");
  return (
    <section className={styles.labels} aria-label="Labels">
      <header className={styles.bar}>
        <h2>Labels</h2>
        <span className="muted">{formatCount(Object.keys(labels).length)}</span>
        <span className="grow" />
        <Button isSmall look="ghost" icon={Plus} needs="change" onClick={add}>
          Add
        </Button>
      </header>
      <div className={styles.body}>
        <LabelEditor labels={labels} namespace={namespace} editing={editing} none={<None />} />
      </div>
    </section>
  );
}

function None() {
  return (
    <p className={styles.none}>
      No labels. Clients keep notes in them, and <code>containerd.io/gc.*</code> says what collection keeps.
    </p>
  );
}
