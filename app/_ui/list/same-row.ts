import type { RowMarks } from "./column.ts";

/** True when nothing that a row shows or does is another; its marks are made anew each time and count by their values. */
export function showTheSame<Props extends { readonly marks: RowMarks }>(before: Props, now: Props): boolean {
  const names = Object.keys(now) as (keyof Props)[];
  const areSame = names.every((name) => name === "marks" || Object.is(before[name], now[name]));
  return areSame && markNames.every((name) => (before.marks[name] ?? false) === (now.marks[name] ?? false));
}

const markNames = ["isNew", "isSent", "isGone", "isStruck", "isBusy"] as const satisfies readonly (keyof RowMarks)[];
