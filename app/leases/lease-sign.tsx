"use client";
import type { LucideIcon } from "lucide-react";
import { Anchor, Clock, TimerOff, Triangle } from "lucide-react";
import type { LeaseRow } from "../../content/catalog.ts";
import styles from "../_catalog/catalog.module.css";
import { useServerNow } from "../_live/hooks.ts";
import { Icon } from "../_ui/icon.tsx";
import type { LeaseState } from "./kind.ts";
import { leaseState } from "./kind.ts";

interface Sign {
  readonly icon: LucideIcon;
  readonly tone: string;
  /** The rule, for people. */
  readonly rule: string;
}

const signs: Readonly<Record<LeaseState, Sign>> = {
  leaked: {
    icon: Triangle,
    tone: "warn",
    rule: "It never expires and is older than a day: nobody may come back for it",
  },
  lasting: { icon: Anchor, tone: "muted", rule: "It never expires by itself" },
  expiring: { icon: Clock, tone: "muted", rule: "It goes by itself when its time is over" },
  expired: {
    icon: TimerOff,
    tone: "muted",
    rule: "Its time is over: it holds nothing, and the next collection takes it",
  },
};

/** What a lease is now. */
export function useLeaseState(row: LeaseRow): LeaseState {
  return leaseState(row, useServerNow(1000));
}

/** What a lease is, by an icon and a word. */
export function LeaseSign({ row }: { readonly row: LeaseRow }) {
  const state = useLeaseState(row);
  const { icon, tone, rule } = signs[state];
  return (
    <span className={styles.sign} data-tip={rule} data-row-tip="">
      <Icon of={icon} className={tone} isSolid={state === "leaked"} />
      {state}
    </span>
  );
}

/** The rule of a state, for people. */
export function ruleOfLease(state: LeaseState): string {
  return signs[state].rule;
}
