"use client";
import { Popover } from "@base-ui/react/popover";
import type { ReactNode, RefObject } from "react";
import type { PopupProps } from "./anchor.ts";
import { closeUnlessAnchor } from "./anchor.ts";
import { FocusNow } from "./focus-now.tsx";
import styles from "./popup.module.css";

interface PanelProps extends PopupProps {
  readonly title: ReactNode;
  readonly children: ReactNode;
  /** What gets the focus; absent: the first that can. */
  readonly initialFocus?: RefObject<HTMLElement | null>;
  /** Which edge of its opener it keeps to; absent: the end. */
  readonly align?: "start" | "end";
}

/** A panel beside what opened it. */
export default function Panel({ title, children, initialFocus, align = "end", ...popup }: PanelProps) {
  return (
    <Popover.Root open onOpenChange={closeUnlessAnchor(popup)}>
      <Popover.Portal>
        <Popover.Positioner
          anchor={popup.anchor}
          align={align}
          sideOffset={6}
          collisionPadding={8}
          collisionAvoidance={{ side: "flip", align: "shift" }}
          className={styles.layer}
        >
          <Popover.Popup className={styles.panel} finalFocus={popup.anchor} initialFocus={initialFocus}>
            <Popover.Title className={styles.title}>{title}</Popover.Title>
            {children}
            {initialFocus && <FocusNow on={initialFocus} />}
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}
