import type { ChosenKeys } from "../_settings/keys.ts";
import { chosenKeys, isKeys } from "../_settings/keys.ts";
import { pages } from "../_shell/pages.ts";

/** Keys that a person can choose others for, and what they do; on several pages they do what is alike. */
export interface KnownKeys {
  readonly keys: string;
  readonly label: string;
}

/** The keys that can be changed, by where they work. Enter, Escape, arrows and what a browser knows by itself stay. */
export const knownKeys: Readonly<Record<"Everywhere" | "Rows" | "Acts", readonly KnownKeys[]>> = {
  Everywhere: [
    ...pages.map(({ keys, name }) => ({ keys, label: `Go to ${name}` })),
    { keys: "/", label: "Query" },
    { keys: "?", label: "Keys" },
    { keys: "[", label: "Collapse navigation" },
    { keys: "S", label: "Stores" },
    { keys: "N", label: "Namespaces" },
    { keys: "p", label: "Pause or resume" },
    { keys: "y", label: "Copy link" },
    { keys: "r", label: "Try again" },
    { keys: "u", label: "Upload" },
  ],
  Rows: [
    { keys: "j", label: "Next row" },
    { keys: "k", label: "Previous row" },
    { keys: "x", label: "Select" },
    { keys: "X", label: "Select to here" },
    { keys: ":", label: "Go to a row" },
    { keys: "f", label: "Filter by the row" },
    { keys: "F", label: "Exclude what is like the row" },
  ],
  Acts: [
    { keys: ".", label: "All acts of the row" },
    { keys: "c", label: "Copy its digest, name or id" },
    { keys: "C", label: "Copy ctr line" },
    { keys: "d", label: "Download or export" },
    { keys: "l", label: "Label" },
    { keys: "t", label: "Tag" },
    { keys: "n", label: "Create" },
    { keys: "e", label: "Extend" },
    { keys: "a", label: "Abort" },
    { keys: "m", label: "Copy what is missing" },
    { keys: "w", label: "Swap what is compared" },
    { keys: "Delete", label: "Delete, untag or expire" },
  ],
};

const all = Object.values(knownKeys).flat();

/**
 * Why keys cannot take the place of others; undefined where they can.
 *
 * @param made the keys whose place it is
 * @param wanted what a person wants instead
 */
export function faultOfKeys(made: string, wanted: string, chosen: ChosenKeys): string | undefined {
  if (!isKeys(wanted)) return "One key, or two with a space between, such as g c";
  for (const { keys, label } of all) {
    if (keys === made) continue;
    const its = chosenKeys(keys, chosen);
    if (its === wanted) return `${wanted} is taken: ${label}`;
    if (its.startsWith(`${wanted} `)) return `${wanted} begins ${its}: ${label}`;
    if (wanted.startsWith(`${its} `)) return `${its} alone is taken: ${label}`;
  }
  return undefined;
}

/** What a person chose, with other keys for one. @param wanted the ones that it was made with: nothing is chosen for it any more */
export function chooseKeys(made: string, wanted: string, chosen: ChosenKeys): ChosenKeys {
  const { [made]: _, ...others } = chosen;
  return wanted === made ? others : { ...others, [made]: wanted };
}
