import type { LucideIcon } from "lucide-react";
import type { ButtonHTMLAttributes, Ref } from "react";
import styles from "./button.module.css";
import { Icon } from "./icon.tsx";
import { join } from "./join.ts";

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly look?: "plain" | "ghost" | "primary" | "danger";
  readonly isSmall?: boolean;
  readonly icon?: LucideIcon;
  /** Shown after the words. */
  readonly iconAfter?: LucideIcon;
  /** The key that does the same. */
  readonly shortcut?: string;
  readonly ref?: Ref<HTMLButtonElement>;
}

/** A button with words. */
export function Button({
  look = "plain",
  isSmall,
  icon,
  iconAfter,
  shortcut,
  children,
  className,
  ...rest
}: ButtonProps) {
  return (
    <button type="button" className={join(buttonClass(look, isSmall), className)} {...rest}>
      {icon && <Icon of={icon} />}
      {children}
      {iconAfter && <Icon of={iconAfter} className={styles.after} />}
      {shortcut && <kbd aria-hidden="true">{shortcut}</kbd>}
    </button>
  );
}

interface IconButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly icon: LucideIcon;
  /** What it does; also its tip. */
  readonly label: string;
  /** `tiny`: 24 px, inside a row. */
  readonly size?: "normal" | "small" | "tiny";
  readonly ref?: Ref<HTMLButtonElement>;
}

/** A button without words. */
export function IconButton({ icon, label, size = "small", className, ...rest }: IconButtonProps) {
  const shape = size === "tiny" ? styles.tiny : join(styles.icon, size === "small" && styles.small);
  return (
    <button
      type="button"
      aria-label={label}
      data-tip={label}
      className={join(styles.button, styles.ghost, shape, className)}
      {...rest}
    >
      <Icon of={icon} size={size === "tiny" ? 14 : 16} />
    </button>
  );
}

/** The class of a button, for a link that looks like one. */
export function buttonClass(look: NonNullable<ButtonProps["look"]> = "plain", isSmall = false): string {
  return join(styles.button, look !== "plain" && styles[look], isSmall && styles.small);
}
