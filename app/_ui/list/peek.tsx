"use client";
import { X } from "lucide-react";
import type { ReactNode } from "react";
import { IconButton } from "../button.tsx";
import styles from "./peek.module.css";

interface PeekProps {
  /** What it is about, for who listens. */
  readonly label: string;
  readonly title: ReactNode;
  readonly acts: ReactNode;
  readonly children: ReactNode;
  readonly onClose: () => void;
}

/** A panel beside a list, about the row of its cursor; over the list where the page is not wide. */
export function Peek({ label, title, acts, children, onClose }: PeekProps) {
  return (
    <aside className={styles.peek} aria-label={label}>
      <header className={styles.head}>
        <h2>{title}</h2>
        <IconButton icon={X} label="Close (Esc)" size="small" onClick={onClose} />
      </header>
      {acts && <div className={styles.acts}>{acts}</div>}
      <div className={styles.body}>{children}</div>
    </aside>
  );
}

/** A fact in a panel: its name and its value. */
export function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div className={styles.fact}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** Facts in a panel. */
export function FactList({ children }: { readonly children: ReactNode }) {
  return <dl className={styles.facts}>{children}</dl>;
}
