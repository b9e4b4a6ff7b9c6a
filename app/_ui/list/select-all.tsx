import type { ListSelection } from "./list-selection.ts";

/** What of a selection is about all that match. */
export type AllSelection = Pick<ListSelection<never>, "state" | "all" | "clear">;

/** Chooses all that match, or nothing. */
export function SelectAll({ selection: { state, all, clear } }: { readonly selection: AllSelection }) {
  return (
    <input
      type="checkbox"
      aria-label="Select all that match"
      checked={state === "all"}
      ref={(element) => {
        if (element) element.indeterminate = state === "some";
      }}
      onChange={() => (state === "none" ? all() : clear())}
    />
  );
}
