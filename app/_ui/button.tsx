import { Lock, type LucideIcon } from "lucide-react";
import type { ButtonHTMLAttributes, MouseEvent, Ref } from "react";
import styles from "./button.module.css";
import { Icon } from "./icon.tsx";
import { join } from "./join.ts";
import { type Need, tellLock, useLock } from "./lock.ts";
import { ShortcutKey } from "./shortcut-key.tsx";

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly look?: "plain" | "ghost" | "primary" | "danger";
  readonly isSmall?: boolean;
  readonly icon?: LucideIcon;
  /** Shown after the words. */
  readonly iconAfter?: LucideIcon;
  /** The key that does the same. */
  readonly shortcut?: string;
  /** Where that is not let, the button stays and says why. */
  readonly needs?: Need | undefined;
  /** What it started is not done: it keeps the focus and starts nothing more. */
  readonly isBusy?: boolean;
  readonly ref?: Ref<HTMLButtonElement>;
}

/** A button with words. */
export function Button({
  look = "plain",
  isSmall,
  icon,
  iconAfter,
  shortcut,
  needs,
  isBusy = false,
  children,
  className,
  ...rest
}: ButtonProps) {
  const lock = useLock(needs);
  const sign = lock ? Lock : icon;
  return (
    <button
      type="button"
      className={join(buttonClass(look, isSmall), className)}
      {...rest}
      {...(isBusy && busy)}
      {...lockedBy(lock)}
    >
      {sign && <Icon of={sign} />}
      {children}
      {iconAfter && <Icon of={iconAfter} className={styles.after} />}
      {shortcut && <ShortcutKey keys={shortcut} />}
    </button>
  );
}

interface IconButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly icon: LucideIcon;
  /** Absent: `ghost`, without a border. */
  readonly look?: "plain" | "ghost";
  /** What it does; also its tip. */
  readonly label: string;
  /** `tiny`: 24 px, inside a row. */
  readonly size?: "normal" | "small" | "tiny";
  /** As of Button. */
  readonly needs?: Need | undefined;
  readonly ref?: Ref<HTMLButtonElement>;
}

/** A button without words. */
export function IconButton({
  icon,
  label,
  look = "ghost",
  size = "small",
  needs,
  className,
  ...rest
}: IconButtonProps) {
  const lock = useLock(needs);
  const shape = size === "tiny" ? styles.tiny : join(styles.icon, size === "small" && styles.small);
  return (
    <button
      type="button"
      aria-label={label}
      data-tip={label}
      className={join(styles.button, look === "ghost" && styles.ghost, shape, className)}
      {...rest}
      {...lockedBy(lock)}
    >
      <Icon of={lock ? Lock : icon} size={size === "tiny" ? 14 : 16} />
    </button>
  );
}

/** What a busy button is. A disabled one would lose the focus, and with it the place of who works by keys. */
const busy = {
  "aria-disabled": true,
  "aria-busy": true,
  onClick: (event: MouseEvent) => event.preventDefault(),
} as const;

/** What a button that is locked does instead. @param lock why; absent: it is not */
function lockedBy(lock: string | undefined) {
  if (lock === undefined) return undefined;
  const onClick = (event: MouseEvent) => {
    event.preventDefault();
    tellLock(lock, event.currentTarget);
  };
  return { "aria-disabled": true, "aria-description": lock, "data-tip": lock, onClick };
}

/** The class of a button, for a link that looks like one. */
export function buttonClass(look: NonNullable<ButtonProps["look"]> = "plain", isSmall = false): string {
  return join(styles.button, look !== "plain" && styles[look], isSmall && styles.small);
}
