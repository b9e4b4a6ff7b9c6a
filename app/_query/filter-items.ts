import { Minus, Plus } from "lucide-react";
import type { Target } from "../../content/query.ts";
import { addToken } from "../../content/query.ts";
import type { MenuItem } from "../_ui/popups/menu.tsx";
import { visibleText } from "../_ui/visible-text.ts";

/** Menus of a row that lead to another query, by their keys. */
export const filterKeys: Readonly<Record<string, "filter" | "exclude">> = { f: "filter", F: "exclude" };

/** Names of a row's menus. */
export const menuLabels = { acts: "Acts", filter: "Filter by", exclude: "Exclude" } as const;

interface FilterOptions {
  readonly target: Target;
  /** The query as it is. */
  readonly query: string;
  /** What is like the row is left out. */
  readonly isExcluded: boolean;
  readonly onQuery: (query: string) => void;
}

/** What a row can be asked by, as the lines of a menu. @param tokens that the row matches */
export function filterItems(
  tokens: readonly string[],
  { target, query, isExcluded, onQuery }: FilterOptions,
): readonly MenuItem[] {
  return tokens.map((token) => {
    const text = isExcluded ? `-${token}` : token;
    return {
      key: text,
      label: visibleText(text),
      icon: isExcluded ? Minus : Plus,
      onSelect: () => onQuery(addToken(query, text, target)),
    };
  });
}
