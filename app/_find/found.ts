import type { Digest } from "../../content/digest.ts";

/** Something that was found: a link to it, or an act. */
export interface Found {
  /** Unlike that of anything else that is found with it. */
  readonly key: string;
  readonly kind:
    | "action"
    | "address"
    | "blob"
    | "image"
    | "ingest"
    | "label"
    | "more"
    | "namespace"
    | "page"
    | "query"
    | "store";
  /** What it is called; of a blob its digest, of an ingest its ref. */
  readonly label: string;
  /** Shown quietly after it; empty: nothing. */
  readonly note: string;
  /** The key that does the same; absent: there is none. */
  readonly keys?: string;
  /** Where it is; absent for an act. */
  readonly href?: string;
  /** Does it; absent for a link. */
  readonly run?: () => void;
}

/** Things of a kind. */
export interface FoundGroup {
  readonly heading: string;
  readonly items: readonly Found[];
}

/** What is shown of each kind. */
export const mostOfGroup = 8;

/** A group, or none where there is nothing in it. */
export function groupOf(heading: string, items: readonly Found[]): readonly FoundGroup[] {
  return items.length === 0 ? [] : [{ heading, items }];
}

/** True where every word of a text is in another one, in any case. */
export function hasWords(text: string, words: string): boolean {
  const within = text.toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => within.includes(word));
}

/** The address of a blob's page, without its store. */
export function blobHref(namespace: string, digest: Digest): string {
  return `/blob?ns=${encodeURIComponent(namespace)}&d=${encodeURIComponent(digest)}`;
}
