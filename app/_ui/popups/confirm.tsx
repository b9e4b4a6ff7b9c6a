"use client";
import { TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { useRef, useState } from "react";
import { Button } from "../button.tsx";
import { errorText } from "../error-text.ts";
import { Icon } from "../icon.tsx";
import type { PopupProps } from "./anchor.ts";
import Panel from "./panel.tsx";
import styles from "./popup.module.css";

interface ConfirmProps extends PopupProps {
  readonly title: ReactNode;
  /** What will be lost, and for whom. */
  readonly children: ReactNode;
  /** The act, such as `Delete`. */
  readonly act: string;
  /** Does it. When it fails, the panel stays and says why. */
  readonly onConfirm: () => Promise<void>;
}

/** Asks before something is destroyed; Enter does it, Escape leaves it. */
export default function Confirm({ title, children, act, onConfirm, ...popup }: ConfirmProps) {
  const button = useRef<HTMLButtonElement>(null);
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();

  async function confirm(): Promise<void> {
    setBusy(true);
    setProblem(undefined);
    try {
      await onConfirm();
      popup.onClose();
    } catch (error) {
      setProblem(errorText(error));
      setBusy(false);
    }
  }

  return (
    <Panel title={title} initialFocus={button} {...popup}>
      <p className={styles.body}>{children}</p>
      {problem !== undefined && (
        <p className={styles.problem} role="alert">
          <Icon of={TriangleAlert} /> {problem}
        </p>
      )}
      <div className={styles.acts}>
        <Button isSmall shortcut="Esc" onClick={popup.onClose}>
          Cancel
        </Button>
        <Button isSmall look="danger" ref={button} isBusy={isBusy} onClick={() => void confirm()}>
          {act}
        </Button>
      </div>
    </Panel>
  );
}
