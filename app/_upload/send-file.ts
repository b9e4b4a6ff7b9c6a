import type { Digest } from "../../content/digest.ts";
import { gcLabels } from "../../content/gc-labels.ts";
import { sourceOfFile } from "../../content/sources/file.ts";
import type { Store } from "../../content/store.ts";
import { writeBlob } from "../../content/write-blob.ts";
import { writtenInParts } from "./written-parts.ts";

/**
 * What is read at once, and the most that one message holds, in bytes. A message is copied three times until it is sent, so that
 * larger ones would be most of a page's memory, and save next to nothing.
 */
const pieceBytes = 2 * 1024 * 1024;

/** The name of the ingest of an upload: whoever uploads the same bytes goes on with it. */
export function uploadRef(digest: Digest): string {
  return `upload-${digest}`;
}

export interface SendOptions {
  readonly signal: AbortSignal;
  /** Told where the ingest stands, in bytes; never told of a blob that was there. */
  readonly onOffset: (offset: number) => void;
}

/**
 * Sends a file, from the offset on that its ingest has, and commits it so that no collection takes it. The open asks whether the blob
 * is there: nothing is sent then, unless its bytes are known to be wrong, which an upload heals.
 *
 * @param digest of the file's bytes
 * @returns `here`: the blob was there
 * @throws what writeBlob throws; a ref that another writer holds is `unavailable` at once, with who holds it
 */
export async function sendFile(
  store: Pick<Store, "writer">,
  file: Blob,
  digest: Digest,
  { signal, onOffset }: SendOptions,
): Promise<"stored" | "here"> {
  /** Where the piece that is being written begins; absent: nothing is opened. */
  let start: number | undefined;
  const parted = writtenInParts(store, (bytes) => onOffset((start ?? 0) + bytes));
  await writeBlob(
    parted,
    uploadRef(digest),
    sourceOfFile(file, pieceBytes),
    { digest, size: file.size },
    {
      labels: { [gcLabels.root]: new Date().toISOString() },
      timeoutMs: 0,
      pieceBytes,
      signal,
      onProgress(offset) {
        start = offset;
        onOffset(offset);
      },
    },
  );
  return start === undefined ? "here" : "stored";
}
