import { meantBy } from "../../_settings/keys.ts";

/** Which rows of a list are chosen, and what chooses them. */
export interface ListSelection<Row> {
  readonly isSelected: (row: Row) => boolean;
  /** False for a row that cannot be chosen, such as one that is gone. */
  readonly canSelect: (row: Row) => boolean;
  readonly toggle: (index: number) => void;
  /** Choose every row from the one that was chosen last to this one. */
  readonly extend: (index: number) => void;
  /** Choose all that match, also what is not here. */
  readonly all: () => void;
  readonly clear: () => void;
  /** Whether none, some or all that match are chosen. */
  readonly state: "none" | "some" | "all";
}

/** Does what a key does to the selection of a list. @returns true when it did something */
export function selectByKey<Row>(
  { key, ctrlKey, metaKey, altKey }: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey">,
  index: number,
  selection: ListSelection<Row>,
): boolean {
  const isModified = ctrlKey || metaKey;
  const meant = meantBy(key);
  if (altKey) return false;
  if (isModified && key === "a") selection.all();
  else if (isModified) return false;
  else if (meant === "x" && index >= 0) selection.toggle(index);
  else if (meant === "X" && index >= 0) selection.extend(index);
  else if (key === "Escape" && selection.state !== "none") selection.clear();
  else return false;
  return true;
}
