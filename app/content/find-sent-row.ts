import type { Blob } from "../../content/remote/events.ts";
import { getBlobPage } from "../../content/remote/pages.ts";
import type { BlobQuery } from "../_live/blobs.ts";
import { serverTransport } from "../_live/link.ts";
import type { SentBlob } from "./sent-view.ts";
import { isSentBlob } from "./sent-view.ts";

/** A row, and its place in the set now, from 0. */
export interface FoundRow {
  readonly blob: Blob;
  readonly index: number;
}

/** Rows of a page that is searched. */
const pageRows = 1000;

/** How far from its old place a row is searched, in rows, either way. */
const reach = 5000;

/**
 * The row that a link names, near the place that it had: rows that came or went before it since moved it.
 *
 * @returns undefined for a row that is gone, moved further, or is in an order that no server pages
 */
export async function findSentRow(
  { selection, orderBy }: BlobQuery,
  at: SentBlob & { readonly index: number },
  signal: AbortSignal,
): Promise<FoundRow | undefined> {
  let count = Number.POSITIVE_INFINITY;
  for (const skip of startsNear(at.index)) {
    if (skip > 0 && skip >= count) continue;
    const page = await getBlobPage(serverTransport(), { selection, orderBy, skip, size: pageRows }, signal);
    const offset = page?.blobs.findIndex((blob) => isSentBlob(at, blob)) ?? -1;
    const blob = page?.blobs[offset];
    if (blob !== undefined) return { blob, index: skip + offset };
    if (page === undefined) return undefined;
    count = page.count;
  }
  return undefined;
}

/** Where pages begin that hold the rows around a place, the nearest first. */
export function startsNear(index: number): readonly number[] {
  const middle = Math.max(0, index - pageRows / 2);
  const starts = [middle];
  for (let away = pageRows; away <= reach; away += pageRows) {
    starts.push(middle + away);
    if (middle - away > -pageRows) starts.push(Math.max(0, middle - away));
  }
  return starts;
}
