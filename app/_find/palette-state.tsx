"use client";
import { CircleDashed, TriangleAlert } from "lucide-react";
import { Button } from "../_ui/button.tsx";
import { errorText } from "../_ui/error-text.ts";
import { Icon } from "../_ui/icon.tsx";
import { visibleText } from "../_ui/visible-text.ts";
import { isNothing } from "./found-groups.ts";
import styles from "./palette.module.css";
import type { Wanted } from "./recognize.ts";
import type { FoundView } from "./use-found.ts";

/** Above what was found: that the search goes on, why it cannot, or that nothing was found and where it was looked for. */
export function PaletteState({ view }: { readonly view: FoundView }) {
  const { wanted, groups, isAsking, error, isOffline, retry } = view;
  if (error !== undefined) return <Failed error={error} isOffline={isOffline} onRetry={retry} />;
  const isEmpty = isNothing(groups);
  if (isAsking) return isEmpty ? <p className={styles.asking}>Searching all namespaces…</p> : null;
  if (wanted.kind === "nothing" || !isEmpty) return null;
  return (
    <div className={styles.empty}>
      <b className={styles.title}>{titleOf(wanted)}</b>
      <span>{searchedOf(wanted)}</span>
    </div>
  );
}

/** Below what was found: the stores that are still searched, and those that could not be. */
export function PaletteNotes({ notes }: Pick<FoundView, "notes">) {
  if (notes.length === 0) return null;
  return (
    <ul className={styles.notes} aria-label="Other stores">
      {notes.map(({ name, words, isWaiting }) => (
        <li key={name}>
          <Icon of={isWaiting ? CircleDashed : TriangleAlert} size={14} className={isWaiting ? "muted" : "warn"} />
          <span>
            {visibleText(name)} {visibleText(words)}
          </span>
        </li>
      ))}
    </ul>
  );
}

interface FailedProps {
  readonly error: unknown;
  readonly isOffline: boolean;
  readonly onRetry: () => void;
}

function Failed({ error, isOffline, onRetry }: FailedProps) {
  return (
    <div className={styles.failed} role="alert">
      <Icon of={TriangleAlert} className={isOffline ? "warn" : "danger"} />
      <span>{isOffline ? "Offline: the server cannot be asked for blobs." : errorText(error)}</span>
      <Button isSmall onClick={onRetry}>
        Try again
      </Button>
    </div>
  );
}

function titleOf(wanted: Wanted): string {
  if (wanted.kind === "labels") return "Type a label: key, or key=value";
  if (wanted.kind !== "anything") return `No ${wanted.kind.slice(0, -1)} matches`;
  if (wanted.digest !== undefined) return `Nothing begins with ${wanted.digest.slice(0, shownDigits)}`;
  return `Nothing matches ${visibleText(wanted.words.slice(0, shownDigits))}`;
}

/** Longer texts are cut in a sentence. */
const shownDigits = 71;

function searchedOf(wanted: Wanted): string {
  switch (wanted.kind) {
    case "labels":
      return "Content opens with the blobs that have it.";
    case "anything":
      return wanted.digest === undefined
        ? "Looked in: names of images, refs of all ingests, namespaces, pages, actions. Of a digest, 6 digits are enough."
        : "Looked in: digests of all blobs in all namespaces, names of images, refs of all ingests.";
    default:
      return "Without the sign in front, everything is searched.";
  }
}
