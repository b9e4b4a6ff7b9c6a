"use client";
import { Dialog as BaseDialog } from "@base-ui/react/dialog";
import { X } from "lucide-react";
import type { ReactNode } from "react";
import { IconButton } from "../button.tsx";
import styles from "./popup.module.css";

interface DialogProps {
  readonly title: string;
  readonly children: ReactNode;
  readonly onClose: () => void;
  /** `sheet`: along the left edge, without a head. */
  readonly shape?: "dialog" | "sheet";
}

/** A dialog over the page. */
export default function Dialog({ title, children, onClose, shape = "dialog" }: DialogProps) {
  return (
    <BaseDialog.Root open onOpenChange={(isOpen) => isOpen || onClose()}>
      <BaseDialog.Portal>
        <BaseDialog.Backdrop className={styles.scrim} />
        <BaseDialog.Popup className={shape === "sheet" ? styles.sheet : styles.dialog}>
          {shape === "sheet" ? (
            <BaseDialog.Title className="hidden">{title}</BaseDialog.Title>
          ) : (
            <header className={styles.dialogHead}>
              <BaseDialog.Title>{title}</BaseDialog.Title>
              <IconButton icon={X} label="Close" onClick={onClose} />
            </header>
          )}
          {children}
        </BaseDialog.Popup>
      </BaseDialog.Portal>
    </BaseDialog.Root>
  );
}
