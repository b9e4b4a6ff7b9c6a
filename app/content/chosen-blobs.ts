import type { Blob } from "../../content/remote/events.ts";
import type { BlobQuery, BlobRow } from "../_live/blobs.ts";
import { blobKey } from "../_live/keys.ts";
import { createChoiceStore } from "../_ui/list/choice-store.ts";
import type { ChoiceKind } from "../_ui/list/use-chosen.ts";
import { collectRange } from "./collect.ts";

/** The blobs that are chosen; they stay while pages, queries and orders change. */
export const chosenBlobs = createChoiceStore<Blob, BlobQuery>();

/** The rows of the blobs as a choice. */
export const blobChoice: ChoiceKind<BlobRow, Blob, BlobQuery> = {
  store: chosenBlobs,
  keyOf: blobKey,
  itemOf: ({ row }) => row,
  isGone: ({ goneAt }) => goneAt !== undefined,
  collectRange,
};

/** Bytes of blobs, each digest once. */
export function bytesOfBlobs(blobs: readonly Blob[]): number {
  const sizes = new Map(blobs.map(({ info }) => [info.digest, info.size]));
  return sizes.values().reduce((sum, size) => sum + size, 0);
}
