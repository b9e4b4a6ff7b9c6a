import type { ReactNode } from "react";
import { Suspense, useState } from "react";
import type { Labels } from "../../content/store.ts";
import { LabelRow } from "./label-row.tsx";
import { LabelForm } from "./later-form.ts";

/** Which label is being edited. */
export interface EditedLabel {
  /** Its key; empty: a new one; absent: none is. */
  readonly edited: string | undefined;
  readonly setEdited: (key: string | undefined) => void;
  /** Write one, and edit none any more. @param value empty: it goes @throws what the server refuses */
  readonly write: (key: string, value: string) => Promise<void>;
}

/** No label is edited at first. @param onWrite asks the server; its stream tells what became of it */
export function useEditedLabel(onWrite: (key: string, value: string) => Promise<unknown>): EditedLabel {
  const [edited, setEdited] = useState<string>();
  return {
    edited,
    setEdited,
    async write(key, value) {
      await onWrite(key, value);
      setEdited(undefined);
    },
  };
}

interface LabelEditorProps {
  readonly labels: Labels;
  readonly namespace: string;
  readonly editing: EditedLabel;
  /** What is said where there are none; absent: nothing. */
  readonly none?: ReactNode;
}

/** Labels by their keys, each of which can be changed, and a form for a new one while that is asked for. */
export function LabelEditor({ labels, namespace, editing: { edited, setEdited, write }, none }: LabelEditorProps) {
  const keys = Object.keys(labels).sort();
  const close = () => setEdited(undefined);
  return (
    <>
      {edited === "" && (
        <Suspense fallback={null}>
          <LabelForm taken={keys} onWrite={write} onCancel={close} />
        </Suspense>
      )}
      {keys.length === 0 && edited === undefined && none}
      <ul>
        {keys.map((key) => (
          <LabelRow
            key={key}
            name={key}
            value={labels[key] ?? ""}
            namespace={namespace}
            isEdited={edited === key}
            onEdit={() => setEdited(key)}
            onCancel={close}
            onWrite={write}
          />
        ))}
      </ul>
    </>
  );
}
