import type { Digest } from "../../content/digest.ts";
import { isKind, throwIfCancelled } from "../../content/errors.ts";
import { isLocked } from "../../content/open-writer.ts";
import { sleep } from "../../content/remote/sleep.ts";
import { unlessAborted } from "../../content/sources/unless-aborted.ts";
import type { Store } from "../../content/store.ts";
import { dropIngest } from "./drop-ingest.ts";
import { failureOf } from "./failure.ts";
import type { FileHash } from "./hash-file.ts";
import type { SendOptions } from "./send-file.ts";
import { sendFile } from "./send-file.ts";
import type { Stage, Upload } from "./upload.ts";

/** A hash that outlives its pauses; absent: none is under way. */
export interface HashPlace {
  hash?: FileHash | undefined;
}

/**
 * Hashes the file of an upload, or goes on with its hash that rests.
 *
 * @param begin starts a hash of it
 * @returns what the upload is then
 * @throws FileError; `cancelled` after the signal aborted, and the hash rests then
 */
export async function hashStep(
  upload: Upload,
  place: HashPlace,
  begin: () => FileHash,
  signal: AbortSignal,
): Promise<Partial<Upload>> {
  place.hash ??= begin();
  place.hash.resume();
  try {
    const digest = await unlessAborted(place.hash.digest, signal);
    place.hash = undefined;
    if (upload.expected !== undefined && upload.expected !== digest) {
      return {
        hashed: 0,
        stage: { kind: "unfinished", fault: "The bytes of that file are not those that were begun" },
      };
    }
    return { digest, hashed: upload.size, stage: { kind: "queued" } };
  } catch (error) {
    if (signal.aborted) place.hash?.pause();
    else place.hash = undefined;
    throw error;
  }
}

export interface SendStepOptions extends SendOptions {
  /** Told that another writer holds the ref, each time that it is asked for. */
  readonly onLocked: (stage: Stage) => void;
}

/** A ref that another writer holds is asked for so often, in milliseconds. */
const lockedMs = 500;

/**
 * Sends the file of an upload, once its ref is free.
 *
 * @returns what the upload is then
 * @throws what sendFile throws but locks; `cancelled` after the signal aborted
 */
export async function sendStep(
  store: Pick<Store, "writer">,
  file: File,
  digest: Digest,
  { onLocked, ...options }: SendStepOptions,
): Promise<Partial<Upload>> {
  for (;;) {
    try {
      const outcome = await sendFile(store, file, digest, options);
      return { offset: file.size, stage: { kind: "done", outcome } };
    } catch (error) {
      throwIfCancelled(options.signal);
      if (!isKind(error, "unavailable") || !isLocked(error)) throw error;
      const { since, holder } = error.facts.locked ?? { since: new Date(0), holder: "" };
      onLocked({ kind: "locked", since, holder });
      await sleep(lockedMs, options.signal);
    }
  }
}

/**
 * What an upload is after an error. Bytes that the server refused are dropped there: nothing can go on with them, and the
 * file is to be hashed again.
 */
export async function failStep(
  store: Pick<Store, "writer" | "abort">,
  { digest }: Upload,
  error: unknown,
): Promise<Partial<Upload>> {
  const stage: Stage = { kind: "failed", failure: failureOf(error) };
  const isRefused = digest !== undefined && isKind(error, "failed-precondition");
  if (!isRefused) return { stage, ...(isKind(error, "aborted") && { offset: 0 }) };
  // The next one is of other bytes, whatever becomes of this.
  await dropIngest(store, digest).catch(() => undefined);
  return { stage, digest: undefined, hashed: 0, offset: 0 };
}
