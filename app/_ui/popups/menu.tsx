"use client";
import { Menu as BaseMenu } from "@base-ui/react/menu";
import { Check, Lock, type LucideIcon } from "lucide-react";
import { useRef } from "react";
import { Icon } from "../icon.tsx";
import { type Need, tellLock, useLock } from "../lock.ts";
import type { PopupProps } from "./anchor.ts";
import { closeUnlessAnchor } from "./anchor.ts";
import { FocusNow } from "./focus-now.tsx";
import styles from "./popup.module.css";

/** One line of a menu. */
export interface MenuItem {
  readonly key: string;
  readonly label: string;
  readonly icon?: LucideIcon;
  /** Shown quietly at its end. */
  readonly note?: string;
  /** Given: the item is chosen or not, and the menu stays open. */
  readonly isChosen?: boolean;
  readonly isDanger?: boolean;
  /** Where that is not let, the item stays and says why. */
  readonly needs?: Need | undefined;
  readonly onSelect: () => void;
}

interface MenuProps extends PopupProps {
  readonly label: string;
  /** Groups, parted by a line. */
  readonly groups: readonly (readonly MenuItem[])[];
  readonly align?: "start" | "end";
}

/** A menu below what opened it. */
export default function Menu({ label, groups, align = "start", ...popup }: MenuProps) {
  const menu = useRef<HTMLDivElement>(null);
  return (
    <BaseMenu.Root open modal={false} onOpenChange={closeUnlessAnchor(popup)}>
      <BaseMenu.Portal>
        <BaseMenu.Positioner
          anchor={popup.anchor}
          align={align}
          sideOffset={4}
          collisionPadding={8}
          className={styles.layer}
        >
          <BaseMenu.Popup ref={menu} className={styles.menu} aria-label={label} finalFocus={popup.anchor}>
            {groups.map((items, index) => (
              <BaseMenu.Group key={items[0]?.key}>
                {index > 0 && <div className={styles.separator} />}
                {items.map((item) => (
                  <Item key={item.key} item={item} onClose={popup.onClose} />
                ))}
              </BaseMenu.Group>
            ))}
          </BaseMenu.Popup>
          <FocusNow on={menu} />
        </BaseMenu.Positioner>
      </BaseMenu.Portal>
    </BaseMenu.Root>
  );
}

function Item({ item, onClose }: { readonly item: MenuItem; readonly onClose: () => void }) {
  const lock = useLock(item.needs);
  const content = (
    <>
      {item.icon && <Icon of={lock ? Lock : item.icon} />}
      <span className="cut">{item.label}</span>
      {item.note && <span className={styles.note}>{item.note}</span>}
    </>
  );
  if (item.isChosen !== undefined) {
    return (
      <BaseMenu.CheckboxItem className={styles.item} checked={item.isChosen} onCheckedChange={item.onSelect}>
        <span className={styles.mark}>{item.isChosen && <Icon of={Check} />}</span>
        {content}
      </BaseMenu.CheckboxItem>
    );
  }
  if (lock !== undefined) {
    return (
      <BaseMenu.Item
        className={styles.item}
        aria-disabled
        aria-description={lock}
        data-tip={lock}
        closeOnClick={false}
        onClick={(event) => tellLock(lock, event.currentTarget)}
      >
        {content}
      </BaseMenu.Item>
    );
  }
  return (
    <BaseMenu.Item
      className={styles.item}
      data-danger={item.isDanger || undefined}
      onClick={() => {
        onClose();
        item.onSelect();
      }}
    >
      {content}
    </BaseMenu.Item>
  );
}
