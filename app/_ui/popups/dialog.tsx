"use client";
import { Dialog as BaseDialog } from "@base-ui/react/dialog";
import { X } from "lucide-react";
import { type ReactNode, useCallback, useState } from "react";
import { IconButton } from "../button.tsx";
import { FocusNow } from "./focus-now.tsx";
import styles from "./popup.module.css";

interface DialogProps {
  readonly title: string;
  readonly children: ReactNode;
  readonly onClose: () => void;
  /** `sheet`: along the left edge, without a head but the button that closes it. */
  readonly shape?: "dialog" | "sheet";
  /** What gets the focus, or true for the first that can; absent: that. */
  readonly initialFocus?: () => HTMLElement | true;
  /** What has the focus afterwards; absent: what had it before. */
  readonly opener?: Element | null;
}

/** A dialog over the page. */
export default function Dialog({ title, children, onClose, shape = "dialog", initialFocus, opener }: DialogProps) {
  const finalFocus = useOpenerFocus(opener);
  return (
    <BaseDialog.Root open onOpenChange={(isOpen) => isOpen || onClose()}>
      <BaseDialog.Portal>
        <BaseDialog.Backdrop className={styles.scrim} />
        <BaseDialog.Popup
          className={shape === "sheet" ? styles.sheet : styles.dialog}
          initialFocus={initialFocus}
          finalFocus={shape === "sheet" ? undefined : finalFocus}
        >
          {shape === "sheet" ? (
            <>
              <BaseDialog.Title className="hidden">{title}</BaseDialog.Title>
              <IconButton icon={X} label="Close" size="normal" className={styles.sheetClose} onClick={onClose} />
            </>
          ) : (
            <header className={styles.dialogHead}>
              <BaseDialog.Title>{title}</BaseDialog.Title>
              <IconButton icon={X} label="Close" onClick={onClose} />
            </header>
          )}
          {children}
          {initialFocus && <FocusNow on={initialFocus} />}
        </BaseDialog.Popup>
      </BaseDialog.Portal>
    </BaseDialog.Root>
  );
}

/** The focus goes back to what had it; where that is gone, to the name of the page. */
function useOpenerFocus(given: Element | null | undefined): () => HTMLElement | true {
  const [opener] = useState(() => given ?? document.activeElement);
  return useCallback(() => {
    if (opener instanceof HTMLElement && opener.isConnected && opener !== document.body) return opener;
    return document.querySelector<HTMLElement>("h1") ?? true;
  }, [opener]);
}
