import { createHash } from "node:crypto";
import type { BigIntStats } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import type { Digest } from "../../../content/digest.ts";

/**
 * The mark of a file that is known to be good, kept where every system keeps it and no copy takes it along: in the
 * file's mtime. The seconds say when the blob was committed; the microseconds are a checksum over digest, size and
 * inode. Whatever writes to the file sets another mtime, a copy has another inode, a file that was renamed another
 * digest; each keeps the mark by chance in one of a million cases.
 *
 * It tells accidents, not an attacker who sets times: a read of a whole blob is hashed besides. A file system that
 * keeps whole seconds only loses every mark, and each blob is hashed when it is read first after a start.
 */

/** Values that a mark can have: the microseconds of a second. */
const marks = 1_000_000;

/** What a mark is made over. */
export interface Marked {
  /** Bytes. */
  readonly size: bigint;
  readonly ino: bigint;
}

/** The mark of a file, in microseconds: at least 0, below a million. */
export function stampOf(digest: Digest, { size, ino }: Marked): number {
  const hash = createHash("sha256").update(`${digest} ${size} ${ino}`).digest();
  return Number(hash.readBigUInt64BE() % BigInt(marks));
}

/** True for a file that carries its mark. */
export function stampFits(digest: Digest, stat: Marked & Pick<BigIntStats, "mtimeNs">): boolean {
  const microseconds = Number((stat.mtimeNs / 1000n) % BigInt(marks));
  return microseconds === stampOf(digest, stat);
}

/** When a file was committed, to the second. */
export function committedAt({ mtimeNs }: Pick<BigIntStats, "mtimeNs">): Date {
  return new Date(Number(mtimeNs / 1_000_000_000n) * 1000);
}

/** Mark a file whose bytes are known to be right. @param at when it was committed, of which the second is kept */
export async function putStamp(handle: FileHandle, digest: Digest, file: Marked, at: Date): Promise<void> {
  // Half a microsecond more, so that no rounding on the way to the disk falls below the mark.
  const fraction = (stampOf(digest, file) + 0.5) / marks;
  const seconds = Math.floor(at.getTime() / 1000) + fraction;
  await handle.utimes(seconds, seconds);
}
