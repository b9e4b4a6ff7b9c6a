"use client";
import type { CSSProperties } from "react";
import { useEffect, useState } from "react";
import { join } from "../join.ts";
import type { Column } from "./column.ts";
import styles from "./list.module.css";

/** A wait that is shorter shows nothing. */
const delayMs = 150;
/** What is shown stays so long, so that it does not flash. */
const leastMs = 300;

/** True while a wait is to be shown: after 150 ms, and then for 300 ms at least. */
export function useSkeleton(isWaiting: boolean): boolean {
  const [isShown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(isWaiting), isWaiting ? delayMs : leastMs);
    return () => clearTimeout(timer);
  }, [isWaiting]);
  return isShown;
}

const rows = 12;

/** Rows without content, in the widths of the real columns. */
export function ListSkeleton<Row>({
  columns,
  card,
  rowHeight,
}: {
  readonly columns: readonly Column<Row>[];
  readonly card: string | undefined;
  readonly rowHeight: number;
}) {
  return (
    <div className={styles.skeleton} aria-hidden="true">
      {Array.from({ length: rows }, (_, index) => index * rowHeight).map((top, index) => (
        <div key={top} className={join(styles.row, styles.body, card)} style={{ transform: `translateY(${top}px)` }}>
          {columns.map(({ id, align, className }, column) => (
            <div key={id} className={join(className, align && styles.end)}>
              <div className={styles.bone} style={boneStyle(index, column)} />
            </div>
          ))}
        </div>
      ))}
    </div>
  );
}

function boneStyle(row: number, column: number): CSSProperties & Record<"--bone", string> {
  return { "--bone": `${40 + ((row * 7 + column * 13) % 4) * 12}%` };
}
