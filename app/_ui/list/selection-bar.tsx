"use client";
import { X } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "../button.tsx";
import { formatBytes, formatCount, unknown } from "../format.ts";
import styles from "./bulk.module.css";
import type { ChosenTotals, Outside } from "./chosen.ts";

interface SelectionBarProps {
  /** Absent: not known yet; without bytes: they do not add up. */
  readonly totals: (Pick<ChosenTotals, "count"> & Partial<ChosenTotals>) | undefined;
  /** What is chosen, in words, where that is a query; empty: these rows. */
  readonly words: string;
  readonly outside: Outside;
  /** Chosen ones that are gone. */
  readonly gone?: number;
  /** Shows the chosen rows that the query leaves out. */
  readonly onOutside: (query: string) => void;
  readonly onClear: () => void;
  /** What can be done with it. */
  readonly children: ReactNode;
}

/** What is chosen, and what can be done with it. */
export function SelectionBar(props: SelectionBarProps) {
  const { totals, words, outside, gone = 0, onOutside, onClear, children } = props;
  return (
    <section className={styles.bar} aria-label="Selection">
      <b>{totals === undefined ? unknown : formatCount(totals.count)} selected</b>
      {totals === undefined && <span>{unknown}</span>}
      {totals?.bytes !== undefined && <span>{formatBytes(totals.bytes)}</span>}
      {words !== "" && <span className="muted">{words}</span>}
      {gone > 0 && <span className="muted">{formatCount(gone)} gone</span>}
      {outside.count > 0 && (
        <Button isSmall look="ghost" onClick={() => onOutside(outside.query)} disabled={outside.query === ""}>
          {formatCount(outside.count)} outside this query
        </Button>
      )}
      <span className="grow" />
      {children}
      <Button isSmall look="ghost" icon={X} onClick={onClear}>
        Clear
      </Button>
    </section>
  );
}

/** A choice of all that match, in words. @param isShown the page shows the same rows */
export function wordsOfAll(asked: string, isShown: boolean): string {
  if (isShown) return "all that match";
  return asked === "" ? "all that match without a query" : `all that match “${asked}”`;
}
