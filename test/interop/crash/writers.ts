import { createHash, randomBytes } from "node:crypto";
import type { Digest } from "../../../content/digest.ts";
import { ContentError } from "../../../content/errors.ts";
import { parseDigest } from "../../../content/parse-digest.ts";
import type { Store } from "../../../content/store.ts";

/** One write that a client began, and what the server acknowledged of it. */
export interface Attempt {
  readonly ref: string;
  readonly data: Uint8Array;
  readonly digest: Digest;
  /** The open was answered: the ingest exists. */
  opened: boolean;
  /** Bytes whose write was answered. */
  written: number;
  /** The commit was sent, answered or not. */
  committing: boolean;
  /** The commit was answered. */
  committed: boolean;
}

/** The most that one write appends, in bytes. */
const pieceBytes = 32 * 1024;

/** Bytes of a blob, from a few, of which no two are the same, to several pieces. */
const sizes: readonly number[] = [40, 700, 20_000, 100_000, 250_000];

/** The digest of bytes. */
export function digestOf(data: Uint8Array): Digest {
  return parseDigest(`sha256:${createHash("sha256").update(data).digest("hex")}`);
}

/**
 * Write one blob after the other until the server is gone.
 *
 * @param first which size its first blob has, so that writers are not in step
 * @param acknowledged is told of every answer
 * @returns every attempt, the last one cut
 */
export async function writeUntilCut(
  store: Store,
  name: string,
  first: number,
  acknowledged: () => void,
): Promise<readonly Attempt[]> {
  const attempts: Attempt[] = [];
  try {
    for (;;) {
      const data = randomBytes(sizes[(first + attempts.length) % sizes.length] ?? 40);
      const ref = `${name}-${attempts.length}`;
      const state = { opened: false, written: 0, committing: false, committed: false };
      const attempt: Attempt = { ref, data, digest: digestOf(data), ...state };
      attempts.push(attempt);
      await writeOne(store, attempt, acknowledged);
    }
  } catch (error) {
    if (!(error instanceof ContentError) || error.kind !== "unavailable") throw error;
    return attempts;
  }
}

async function writeOne(store: Store, attempt: Attempt, acknowledged: () => void): Promise<void> {
  const { ref, data, digest } = attempt;
  await using writer = await store.writer({ ref, descriptor: { size: data.length } });
  attempt.opened = true;
  acknowledged();
  while (attempt.written < data.length) {
    const piece = data.subarray(attempt.written, attempt.written + pieceBytes);
    await writer.write(piece);
    attempt.written += piece.length;
    acknowledged();
  }
  attempt.committing = true;
  await writer.commit({ size: data.length, expected: digest });
  attempt.committed = true;
  acknowledged();
}
