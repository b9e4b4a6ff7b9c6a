"use client";
import { usePathname } from "next/navigation";
import type { ReactNode } from "react";
import { useEffect, useRef } from "react";
import { storeHere } from "../_live/here.ts";
import styles from "./page-head.module.css";

/** The page that was shown last; the first one leaves the focus where the browser has it. */
let lastShown: string | undefined;

interface PageHeadProps {
  readonly title: ReactNode;
  /** The title of the browser's tab. */
  readonly name: string;
  /** What the page's user came to know. */
  readonly answer?: ReactNode;
  readonly acts?: ReactNode;
  /** True: it comes without anybody having gone there, and leaves the focus. */
  readonly isQuiet?: boolean;
}

/** The head of a page: its name, its answer, its acts. The name takes the focus when a person came from another page. */
export function PageHead({ title, name, answer, acts, isQuiet = false }: PageHeadProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  const page = `${usePathname()} ${name}`;
  useEffect(() => {
    if (lastShown !== undefined && lastShown !== page && !isQuiet) heading.current?.focus({ preventScroll: true });
    lastShown = page;
  }, [page, isQuiet]);
  return (
    <header className={styles.head}>
      <title>{titleOf(name)}</title>
      <h1 ref={heading} tabIndex={-1}>
        {title}
      </h1>
      {answer && <p className={styles.answer}>{answer}</p>}
      {acts && <div className={styles.acts}>{acts}</div>}
    </header>
  );
}

/** What the browser's tab is called: a page about a store itself names that once. */
function titleOf(name: string): string {
  return [...new Set([name, storeHere(), "Stowage"])].filter((word) => word !== "").join(" · ");
}
