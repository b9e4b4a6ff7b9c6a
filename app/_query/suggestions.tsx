"use client";
import { join } from "../_ui/join.ts";
import { visibleText } from "../_ui/visible-text.ts";
import styles from "./query-bar.module.css";
import type { Suggestion } from "./suggest.ts";

interface SuggestionsProps {
  readonly suggestions: readonly Suggestion[];
  /** The one that Enter takes; -1: none. */
  readonly active: number;
  readonly onTake: (suggestion: Suggestion) => void;
}

/** Names the list for the field that it belongs to. */
export const suggestionsId = "query-suggestions";

/** Names one line of the list. */
export function suggestionId(index: number): string {
  return `${suggestionsId}-${index}`;
}

/** What the query can go on with; the keys are those of its field. */
export function Suggestions({ suggestions, active, onTake }: SuggestionsProps) {
  return (
    <div id={suggestionsId} role="listbox" aria-label="Suggestions" className={styles.suggestions}>
      {suggestions.map((suggestion, index) => (
        <div
          key={suggestion.label}
          id={suggestionId(index)}
          role="option"
          tabIndex={-1}
          aria-selected={index === active}
          className={join(styles.suggestion, index === active && styles.active)}
          // The field keeps the focus.
          onPointerDown={(event) => {
            event.preventDefault();
            onTake(suggestion);
          }}
        >
          <code>{visibleText(suggestion.label)}</code>
          <span>{suggestion.note}</span>
        </div>
      ))}
    </div>
  );
}
