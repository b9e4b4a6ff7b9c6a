"use client";
import { Pencil, Trash2, TriangleAlert } from "lucide-react";
import Link from "next/link";
import { Suspense, useState } from "react";
import { isDigest } from "../../content/digest.ts";
import { storeHref } from "../_live/here.ts";
import { IconButton } from "../_ui/button.tsx";
import { DigestText } from "../_ui/digest-text.tsx";
import { errorText } from "../_ui/error-text.ts";
import { Icon } from "../_ui/icon.tsx";
import { Confirm } from "../_ui/popups/index.ts";
import { useOpener } from "../_ui/use-opener.ts";
import { visibleText } from "../_ui/visible-text.ts";
import { wordsOfLabel } from "./label-words.ts";
import styles from "./labels.module.css";
import { LabelForm } from "./later-form.ts";

interface LabelRowProps {
  readonly name: string;
  readonly value: string;
  readonly namespace: string;
  readonly isEdited: boolean;
  readonly onEdit: () => void;
  readonly onCancel: () => void;
  /** An empty value removes it. */
  readonly onWrite: (key: string, value: string) => Promise<void>;
}

/** A label: its key, its value, what containerd reads it as. */
export function LabelRow({ name, value, namespace, isEdited, onEdit, onCancel, onWrite }: LabelRowProps) {
  const words = wordsOfLabel(name);
  if (isEdited) {
    return (
      <li>
        <Suspense fallback={null}>
          <LabelForm name={name} value={value} onWrite={onWrite} onCancel={onCancel} />
        </Suspense>
      </li>
    );
  }
  return (
    <li className={styles.label}>
      <div className={styles.pair}>
        <code className={styles.name}>{visibleText(name)}</code>
        <LabelValue value={value} namespace={namespace} />
        {words && <span className={styles.words}>{words.text}</span>}
      </div>
      <IconButton icon={Pencil} label={`Edit ${visibleText(name)}`} needs="change" onClick={onEdit} />
      <RemoveButton name={name} isHolding={words?.isHolding ?? false} onRemove={() => onWrite(name, "")} />
    </li>
  );
}

/** A value that is a digest leads to that blob. */
function LabelValue({ value, namespace }: Pick<LabelRowProps, "value" | "namespace">) {
  if (!isDigest(value)) return <code className={styles.value}>{visibleText(value)}</code>;
  return (
    <Link
      className={styles.value}
      href={storeHref(`/blob?ns=${encodeURIComponent(namespace)}&d=${value}`)}
      prefetch={false}
    >
      <DigestText digest={value} />
    </Link>
  );
}

interface RemoveButtonProps {
  readonly name: string;
  readonly isHolding: boolean;
  readonly onRemove: () => Promise<void>;
}

/** Removes a label; one that keeps something is asked about first. */
function RemoveButton({ name, isHolding, onRemove }: RemoveButtonProps) {
  const { anchor, isOpen, toggle, close } = useOpener();
  const [problem, setProblem] = useState<string>();
  return (
    <>
      <IconButton
        ref={anchor}
        icon={Trash2}
        label={`Remove ${visibleText(name)}`}
        needs="change"
        onClick={() => {
          if (isHolding) toggle();
          else onRemove().catch((error: unknown) => setProblem(errorText(error)));
        }}
      />
      {problem !== undefined && (
        <span role="alert" className={styles.problem}>
          <Icon of={TriangleAlert} /> {problem}
        </span>
      )}
      {isOpen && (
        <Suspense fallback={null}>
          <Confirm
            anchor={anchor}
            title={
              <>
                Remove <code>{visibleText(name)}</code>?
              </>
            }
            act="Remove"
            onClose={close}
            onConfirm={onRemove}
          >
            Collection reads this label. Without it, what it keeps may be deleted the next time collection runs.
          </Confirm>
        </Suspense>
      )}
    </>
  );
}
