import type { Blob } from "../../content/remote/events.ts";
import type { BlobQuery } from "../_live/blobs.ts";
import { blobKey } from "../_live/keys.ts";

/** Blobs that are chosen: some by name, or all that match a query but a few. */
export type Chosen =
  | { readonly kind: "some"; readonly blobs: ReadonlyMap<string, Blob> }
  | { readonly kind: "all"; readonly query: BlobQuery; readonly except: ReadonlyMap<string, Blob> };

/** Nothing is chosen. */
export const nothing: Chosen = { kind: "some", blobs: new Map() };

/** True when a blob is chosen, as far as the page can know it: for all of a query, when it answers that query. */
export function isChosen(chosen: Chosen, key: string, query: BlobQuery | undefined): boolean {
  if (chosen.kind === "some") return chosen.blobs.has(key);
  return isSameSet(chosen.query, query) && !chosen.except.has(key);
}

/** One more, or one less; within all of a query, an exception. */
export function toggle(chosen: Chosen, blob: Blob): Chosen {
  const key = blobKey(blob);
  const blobs = new Map(chosen.kind === "some" ? chosen.blobs : chosen.except);
  if (!blobs.delete(key)) blobs.set(key, blob);
  return chosen.kind === "some" ? { kind: "some", blobs } : { ...chosen, except: blobs };
}

/** More of them; within all of a query they are no longer exceptions. */
export function extend(chosen: Chosen, more: readonly Blob[]): Chosen {
  if (chosen.kind === "some") {
    return { kind: "some", blobs: new Map([...chosen.blobs, ...more.map((blob) => [blobKey(blob), blob] as const)]) };
  }
  const except = new Map(chosen.except);
  for (const blob of more) except.delete(blobKey(blob));
  return { ...chosen, except };
}

/** These and no others. */
export function only(blobs: readonly Blob[]): Chosen {
  return extend(nothing, blobs);
}

/** How many are chosen, and the bytes of their digests, each once. */
export interface ChosenTotals {
  readonly count: number;
  readonly bytes: number;
}

/** @param all what the query of a choice of all holds; absent where that is not known */
export function totalsOfChosen(chosen: Chosen, all: ChosenTotals | undefined): ChosenTotals | undefined {
  if (chosen.kind === "some") return { count: chosen.blobs.size, bytes: bytesOf([...chosen.blobs.values()]) };
  if (all === undefined) return undefined;
  const except = [...chosen.except.values()];
  return { count: all.count - except.length, bytes: all.bytes - bytesOf(except) };
}

/** Bytes of blobs, each digest once. */
export function bytesOf(blobs: readonly Blob[]): number {
  const sizes = new Map(blobs.map(({ info }) => [info.digest, info.size]));
  return sizes.values().reduce((sum, size) => sum + size, 0);
}

/** True when two queries select the same blobs, in whatever order. */
export function isSameSet(a: BlobQuery, b: BlobQuery | undefined): boolean {
  return b !== undefined && JSON.stringify(a.selection) === JSON.stringify(b.selection);
}
