"use client";
import type { CSSProperties } from "react";
import { memo, useEffect, useState } from "react";
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

interface BonesProps<Row> {
  readonly columns: readonly Column<Row>[];
  readonly card: string | undefined;
  readonly hasChoice: boolean;
}

interface SkeletonProps<Row> extends BonesProps<Row> {
  readonly rowHeight: number;
}

/** Rows without content, in the widths of the real columns. */
export function ListSkeleton<Row>({ rowHeight, card, ...bones }: SkeletonProps<Row>) {
  return (
    <div className={styles.skeleton} aria-hidden="true">
      {Array.from({ length: rows }, (_, index) => index * rowHeight).map((top, index) => (
        <div key={top} className={join(styles.row, styles.body, card)} style={{ top }}>
          <Bones {...bones} card={card} index={index} />
        </div>
      ))}
    </div>
  );
}

interface AbsentRowProps<Row> extends BonesProps<Row> {
  /** From 0. */
  readonly index: number;
  readonly top: number;
  readonly isCursor: boolean;
}

function AbsentRowView<Row>({ index, top, isCursor, card, ...bones }: AbsentRowProps<Row>) {
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      aria-busy="true"
      tabIndex={isCursor ? 0 : -1}
      className={join(styles.row, styles.body, styles.absent, card)}
      style={{ top }}
    >
      <Bones {...bones} card={card} index={index} role="gridcell" />
    </div>
  );
}

/** A row that is not here yet. */
export const AbsentRow = memo(AbsentRowView) as typeof AbsentRowView;

interface EachBoneProps<Row> extends BonesProps<Row> {
  readonly index: number;
  readonly role?: "gridcell";
}

function Bones<Row>({ columns, hasChoice, index, role }: EachBoneProps<Row>) {
  return (
    <>
      {hasChoice && <div role={role} className={styles.choice} />}
      {columns.map(({ id, align, className }, column) => (
        <div
          key={id}
          role={role}
          className={join(className, styles.bone, align && styles.end)}
          style={boneStyle(index, column)}
        />
      ))}
    </>
  );
}

function boneStyle(row: number, column: number): CSSProperties & Record<"--bone", string> {
  return { "--bone": `${40 + ((row * 7 + column * 13) % 4) * 12}%` };
}
