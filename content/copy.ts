import type { Digest } from "./digest.ts";
import { isKind, throwIfCancelled } from "./errors.ts";
import { refKey } from "./references.ts";
import { sourceOfBlob } from "./sources/blob.ts";
import type { Descriptor, Info, Labels, Store } from "./store.ts";
import type { WriteBlobOptions } from "./write-blob.ts";
import { writeBlob } from "./write-blob.ts";

/** What is copied. */
export interface CopyTarget extends Descriptor {
  readonly digest: Digest;
  /** Such as `application/vnd.oci.image.layer.v1.tar+gzip`; absent or empty: not known. */
  readonly mediaType?: string;
}

export interface CopyOptions extends Omit<WriteBlobOptions, "algorithm"> {
  /** The ingest's name; absent: the one that a containerd gives it when it pulls, such as `layer-sha256:…`. */
  readonly ref?: string;
  /** Labels that the blob is to have besides; a blob that is there gets those that it has not. */
  readonly labels?: Labels;
  /**
   * Which of the labels that the blob has where it comes from are copied with it; absent: all but those that collection
   * reads (`containerd.io/gc.…`).
   */
  readonly keepLabel?: (key: string) => boolean;
}

/** How a copy ended. */
export interface CopiedBlob {
  readonly digest: Digest;
  /** Bytes. */
  readonly size: number;
  /** True: it was there already, and nothing was read. */
  readonly present: boolean;
}

/**
 * Copies a blob from a store to another. One that is there is not read, and is put under the lease of the store that it is
 * copied to. A copy that was cut before goes on at its offset.
 *
 * @throws `not-found` where neither store has the blob; whatever writeBlob throws; `failed-precondition` where labels are
 * wanted and the store keeps none
 */
export async function copy(
  from: Pick<Store, "info" | "readerAt">,
  to: Pick<Store, "info" | "update" | "writer">,
  target: CopyTarget,
  { ref = refKey(target), labels = {}, keepLabel = isFree, onProgress, ...options }: CopyOptions = {},
): Promise<CopiedBlob> {
  const { digest } = target;
  const { signal } = options;
  throwIfCancelled(signal);
  const known = await infoIfThere(from, digest, signal);
  const size = target.size || known?.size;
  const descriptor = { digest, ...(size !== undefined && { size }) };
  let present = true;
  await writeBlob(to, ref, sourceOfBlob(from, descriptor, options), descriptor, {
    ...options,
    labels: { ...keptLabels(known, keepLabel), ...labels },
    onProgress: (offset) => {
      present = false;
      onProgress?.(offset);
    },
  });
  // Whoever wrote it at the same time may have given it none.
  const blob = await addLabels(to, digest, labels, signal);
  return { digest, size: size ?? blob?.size ?? 0, present };
}

async function infoIfThere(
  store: Pick<Store, "info">,
  digest: Digest,
  signal: AbortSignal | undefined,
): Promise<Info | undefined> {
  try {
    return await store.info(digest, signal);
  } catch (error) {
    if (isKind(error, "not-found")) return undefined;
    throw error;
  }
}

function isFree(key: string): boolean {
  return !key.startsWith("containerd.io/gc.");
}

function keptLabels(info: Info | undefined, keep: (key: string) => boolean): Labels {
  return Object.fromEntries(Object.entries(info?.labels ?? {}).filter(([key]) => keep(key)));
}

/** Gives a blob the labels that it has not. @returns what is known of it; absent: no label was wanted */
async function addLabels(
  store: Pick<Store, "info" | "update">,
  digest: Digest,
  labels: Labels,
  signal: AbortSignal | undefined,
): Promise<Info | undefined> {
  const wanted = Object.entries(labels);
  if (wanted.length === 0) return undefined;
  const info = await store.info(digest, signal);
  const lacking = wanted.filter(([key, value]) => info.labels[key] !== value);
  if (lacking.length === 0) return info;
  return store.update(
    { digest, labels: Object.fromEntries(lacking) },
    lacking.map(([key]) => `labels.${key}`),
  );
}
