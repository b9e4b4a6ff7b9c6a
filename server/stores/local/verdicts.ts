import type { BigIntStats } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { LRUCache } from "lru-cache";
import type { Digest } from "../../../content/digest.ts";
import { algorithmOf } from "../../../content/digest.ts";
import { wrongBytes } from "../refusals.ts";
import { hashFile } from "./file-io.ts";
import { committedAt, putStamp, stampFits } from "./stamp.ts";

/** A blob's file that is open, and how it was then. */
export interface BlobFile {
  readonly handle: FileHandle;
  readonly stat: BigIntStats;
  /** Nobody reads it here any more; closing twice is no error. The handle may be others' too, so it is not closed itself. */
  close(): void;
}

/** Which files are known to be right or wrong. */
export interface Verdicts {
  /**
   * Settled for a file whose bytes are right. One that is neither known nor marked is hashed whole, once for all who
   * wait for it, and marked where it is right.
   *
   * @throws `data-loss` where they are wrong
   */
  check(digest: Digest, file: Omit<BlobFile, "close">): Promise<void>;
  /** True for a file that is known to be right, without a look into it. */
  knows(digest: Digest, stat: BigIntStats): boolean;
  /** Remember a file until it changes. */
  remember(digest: Digest, stat: BigIntStats, good: boolean): void;
  forget(digest: Digest): void;
}

interface Verdict extends Pick<BigIntStats, "ino" | "size" | "mtimeNs" | "ctimeNs"> {
  readonly good: boolean;
}

/** Verdicts that are remembered; the others are made again from the files' marks. */
const maxVerdicts = 20_000;

/** @param mayMark false: the files are somebody else's, so that none is marked, and no mark is believed; absent: true */
export function createVerdicts(mayMark = true): Verdicts {
  const known = new LRUCache<Digest, Verdict>({ max: maxVerdicts });
  const running = new Map<string, Promise<boolean>>();

  function remember(digest: Digest, { ino, size, mtimeNs, ctimeNs }: BigIntStats, good: boolean): void {
    known.set(digest, { ino, size, mtimeNs, ctimeNs, good });
  }

  /** @returns true for right bytes */
  async function judge(digest: Digest, { handle, stat }: Omit<BlobFile, "close">): Promise<boolean> {
    const hasher = await hashFile(handle, Number(stat.size), algorithmOf(digest));
    const good = hasher?.digest() === digest;
    const after = await handle.stat({ bigint: true });
    if (!isSame(stat, after)) return good;
    if (!mayMark) {
      remember(digest, after, good);
      return good;
    }
    // A file of somebody else's, or a disk that cannot be written to, stays unmarked.
    if (good) await putStamp(handle, digest, stat, committedAt(stat)).catch(() => undefined);
    remember(digest, await handle.stat({ bigint: true }), good);
    return good;
  }

  function judgeOnce(digest: Digest, file: Omit<BlobFile, "close">): Promise<boolean> {
    const key = `${digest} ${file.stat.ino} ${file.stat.ctimeNs}`;
    let judged = running.get(key);
    if (judged === undefined) {
      judged = judge(digest, file).finally(() => running.delete(key));
      running.set(key, judged);
    }
    return judged;
  }

  return {
    async check(digest, file) {
      const verdict = known.get(digest);
      let good: boolean;
      if (verdict !== undefined && isSame(verdict, file.stat)) {
        good = verdict.good;
      } else if (mayMark && verdict === undefined && stampFits(digest, file.stat)) {
        good = true;
        remember(digest, file.stat, true);
      } else {
        good = await judgeOnce(digest, file);
      }
      if (!good) throw wrongBytes(digest);
    },
    knows(digest, stat) {
      const verdict = known.get(digest);
      return verdict?.good === true && isSame(verdict, stat);
    },
    remember,
    forget: (digest) => known.delete(digest),
  };
}

function isSame(a: Omit<Verdict, "good">, b: Omit<Verdict, "good">): boolean {
  return a.ino === b.ino && a.size === b.size && a.mtimeNs === b.mtimeNs && a.ctimeNs === b.ctimeNs;
}
