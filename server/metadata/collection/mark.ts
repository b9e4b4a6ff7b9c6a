import type { Digest } from "../../../content/digest.ts";
import type { GcNode } from "../../../content/gc-labels.ts";
import { rowId } from "../blob-pages.ts";
import type { Connection } from "../database/connection.ts";
import { queries } from "../database/queries.ts";
import { followReferences } from "../references.ts";
import type { Marks } from "./marks.ts";
import { createMarks } from "./marks.ts";
import { rootsOf } from "./roots.ts";

/** What a mark found that nothing leads to. */
export interface Unmarked {
  /** Images that are expired. */
  readonly images: readonly string[];
  /**
   * The next blobs in the order of digests that nothing led to when they were marked, and those that came since.
   *
   * @param after the last one that is known; empty: from the first
   * @param looked blobs to look at, at most
   */
  blobs(after: string, looked: number): UnmarkedPage;
}

export interface UnmarkedPage {
  readonly digests: readonly Digest[];
  /** Where the next page begins; absent: there is none. */
  readonly next?: string;
}

/**
 * Find what nothing leads to in a namespace (containerd's metadata/gc.go). It reads a view that must not change, and keeps one
 * byte for each row of the table of blobs.
 *
 * @param nowMs milliseconds since 1970, for what expires
 */
export function mark(view: Connection, namespace: string, nowMs: number): Unmarked {
  const marks = createMarks(view, namespace);
  const roots = rootsOf(view, namespace, nowMs);
  for (const digest of roots.flat) marks.addBlob(digest);
  for (const name of roots.flatImages) marks.addImage(name);
  const waiting: GcNode[] = [...roots.nodes];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (marks.follow(node)) waiting.push(...followReferences(view, namespace, node));
  }
  const images = roots.expiredImages.filter((name) => !marks.holdsImage(name));
  return { images, blobs: (after, looked) => pageOf(view, namespace, marks, after, looked) };
}

function pageOf(view: Connection, namespace: string, marks: Marks, after: string, looked: number): UnmarkedPage {
  const query = queries.selectFrom("blob").select(["digest", rowId]).where("namespace", "=", namespace);
  const rows = view.all(query.where("digest", ">", after).orderBy("digest").limit(looked));
  const digests = rows.filter(({ id }) => !marks.holdsRow(id)).map(({ digest }) => digest as Digest);
  const last = rows.length < looked ? undefined : rows.at(-1)?.digest;
  return { digests, ...(last !== undefined && { next: last }) };
}
