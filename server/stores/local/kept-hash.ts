import type { BigIntStats } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import type { Algorithm } from "../../../content/digest.ts";
import type { Hasher } from "../hashing.ts";

/**
 * The hash of an ingest's bytes as its last writer left it, and how the file was then. A client that opens its ref for
 * every message would otherwise have all of it hashed again each time.
 */
export interface KeptHash {
  readonly hasher: Hasher;
  readonly file: Pick<BigIntStats, "ino" | "size" | "mtimeNs" | "ctimeNs">;
}

/** Longest that a kept time differs from the one it stands for, in seconds; a Date rounds it away. */
const jitter = 0.0004;

/**
 * Keep a hash that stands behind all bytes of a file.
 *
 * The file gets a time that no clock gives: whoever writes to it afterwards, be it in the same tick, leaves another.
 *
 * @param updatedAt when the last byte came; the file keeps it to the millisecond
 * @returns absent where the file has other bytes than those
 */
export async function keepHash(
  handle: FileHandle,
  hasher: Hasher,
  { offset, updatedAt }: { readonly offset: number; readonly updatedAt: Date },
): Promise<KeptHash | undefined> {
  const time = updatedAt.getTime() / 1000 + Math.random() * jitter;
  await handle.utimes(time, time);
  const { ino, size, mtimeNs, ctimeNs } = await handle.stat({ bigint: true });
  return Number(size) === offset ? { hasher, file: { ino, size, mtimeNs, ctimeNs } } : undefined;
}

/** The kept hash, where it is of that algorithm and the file was not touched since. */
export function takeKeptHash(
  kept: KeptHash | undefined,
  file: KeptHash["file"],
  algorithm: Algorithm,
): Hasher | undefined {
  if (kept === undefined || kept.hasher.algorithm !== algorithm) return undefined;
  const { ino, size, mtimeNs, ctimeNs } = kept.file;
  const same = ino === file.ino && size === file.size && mtimeNs === file.mtimeNs && ctimeNs === file.ctimeNs;
  return same ? kept.hasher : undefined;
}
