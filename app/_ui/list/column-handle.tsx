"use client";
import type { PointerEvent } from "react";
import { useRef } from "react";
import styles from "./list.module.css";

interface ColumnHandleProps {
  /** @param width of the column, in pixels */
  readonly onResize: (width: number) => void;
}

/** The edge of a header, by which a column is made wider. Keys do the same on the header itself. */
export function ColumnHandle({ onResize }: ColumnHandleProps) {
  const grabbed = useRef<{ readonly x: number; readonly width: number }>(undefined);

  function grab(event: PointerEvent<HTMLSpanElement>): void {
    const width = event.currentTarget.parentElement?.offsetWidth ?? 0;
    grabbed.current = { x: event.clientX, width };
    event.currentTarget.setPointerCapture(event.pointerId);
    event.preventDefault();
  }

  function drag(event: PointerEvent): void {
    if (grabbed.current) onResize(grabbed.current.width + event.clientX - grabbed.current.x);
  }

  return (
    <span
      aria-hidden="true"
      className={styles.handle}
      onPointerDown={grab}
      onPointerMove={drag}
      onLostPointerCapture={() => {
        grabbed.current = undefined;
      }}
    />
  );
}
