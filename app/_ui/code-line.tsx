import styles from "./code-line.module.css";
import { CopyButton } from "./copy-button.tsx";

interface CodeLineProps {
  readonly line: string;
  /** What it is, such as `ctr line`. */
  readonly what: string;
}

/** A line for a terminal, to be copied. */
export function CodeLine({ line, what }: CodeLineProps) {
  return (
    <span className={styles.line}>
      <code>{line}</code>
      <CopyButton text={line} what={what} />
    </span>
  );
}
