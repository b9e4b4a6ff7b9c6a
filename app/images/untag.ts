import type { ImageRow } from "../../content/catalog.ts";
import { isKind } from "../../content/errors.ts";
import { deleteImage } from "../../content/remote/images.ts";
import { serverTransport } from "../_live/link.ts";

/** What it means that a name goes. */
export interface Consequences {
  /** Other names of the same target in its namespace, which keep everything. */
  readonly stay: readonly string[];
  /** Namespaces in which the same target has a name: its bytes stay on disk. */
  readonly elsewhere: readonly string[];
  /** Bytes that no other image leads to, once none keeps the target; 0 where one does. */
  readonly freedBytes: number;
  /** Bytes of it that other images lead to. */
  readonly sharedBytes: number;
}

/** What it means that some names go at once. @param gone names of one target in one namespace @param all images that are here */
export function consequencesOf(gone: readonly [ImageRow, ...ImageRow[]], all: readonly ImageRow[]): Consequences {
  const [{ namespace, image, bytes, uniqueBytes }] = gone;
  const names = new Set(gone.map((row) => row.image.name));
  const same = all.filter((row) => row.image.target.digest === image.target.digest);
  const stay = same.filter((row) => row.namespace === namespace && !names.has(row.image.name));
  const elsewhere = new Set(same.filter((row) => row.namespace !== namespace).map((row) => row.namespace));
  const isFree = stay.length === 0 && elsewhere.size === 0;
  return {
    stay: stay.map((row) => row.image.name),
    elsewhere: [...elsewhere].sort(),
    freedBytes: isFree ? uniqueBytes : 0,
    sharedBytes: bytes - (isFree ? uniqueBytes : 0),
  };
}

/** Removes a name, never its blobs. @returns `already`: there is no such name any more. @throws what the server refuses */
export async function untag({ namespace, image }: ImageRow, signal?: AbortSignal): Promise<"done" | "already"> {
  try {
    await deleteImage(serverTransport(), { namespace }, image.name, signal && { signal });
    return "done";
  } catch (error) {
    if (isKind(error, "not-found")) return "already";
    throw error;
  }
}
