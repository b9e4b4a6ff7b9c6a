"use client";
import { useMemo } from "react";
import type { Target } from "../../content/query.ts";
import { filterItems, menuLabels } from "../_query/filter-items.ts";
import { Menu } from "../_ui/popups/index.ts";
import type { RowAct } from "./row-act.ts";
import { menuGroups } from "./row-act.ts";
import type { RowMenuAt } from "./row-menu-at.ts";

interface RowMenuProps {
  readonly at: RowMenuAt<unknown>;
  readonly target: Target;
  /** The query as it is. */
  readonly query: string;
  readonly onQuery: (query: string) => void;
  readonly acts: readonly RowAct[];
  /** Tokens of the query language that the row matches. */
  readonly tokens: readonly string[];
  readonly onClose: () => void;
}

/** Everything that can be done with a row, or asked by it. */
export function RowMenu({ at, target, query, onQuery, acts, tokens, onClose }: RowMenuProps) {
  const anchor = useMemo(() => ({ current: at.element }), [at.element]);
  const filters = filterItems(tokens, { target, query, isExcluded: at.kind === "exclude", onQuery });
  const [first = [], ...others] = menuGroups(acts);
  return (
    <Menu
      anchor={anchor}
      label={menuLabels[at.kind]}
      onClose={onClose}
      groups={at.kind === "acts" ? [first, filters, ...others] : [filters]}
    />
  );
}
