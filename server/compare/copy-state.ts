import type { CopyMissingProgress, FailedCopy } from "../../content/compare/report.ts";
import type { BlobAmount } from "../../content/compare.ts";
import type { Digest } from "../../content/digest.ts";

/** Failures that are told one by one; beyond, they are only counted. */
const mostTold = 1000;

/** Failures of one message: a reason may be long. */
const toldAtOnce = 100;

interface Count {
  blobs: number;
  bytes: number;
}

/** How far a copy of what is missing is. */
export interface CopyState {
  readonly wanted: Count;
  readonly copied: Count;
  readonly present: Count;
  /** Digests of what could not be copied. */
  readonly failed: ReadonlySet<Digest>;
  readonly images: { made: number; failed: number };
  lease: CopyMissingProgress["lease"];
  /** Why it ends before its end; empty: it does not. */
  givenUp: string;
  /** So many bytes of a blob are there. */
  reached(digest: Digest, offset: number): void;
  /** A blob is there. */
  done(blob: { readonly digest: Digest; readonly size: number; readonly present: boolean }): void;
  fail(failed: FailedCopy): void;
  /** For one who follows it: each is told every failure. */
  teller(): CopyTeller;
}

/** How far a copy is, as one who follows it is told. */
export interface CopyTeller {
  /** With failures that were not told yet. @param isOver complete is what tells the last of them then */
  tell(isOver: boolean): ToldCopy;
}

/** What is told of a copy, but for what it is called. */
export type ToldCopy = Omit<CopyMissingProgress, "copy" | "target">;

/** @param wanted what is to be copied in all */
export function createCopyState(wanted: BlobAmount): CopyState {
  const active = new Map<Digest, number>();
  const failed = new Set<Digest>();
  const failedAmount: Count = { blobs: 0, bytes: 0 };
  const failures: FailedCopy[] = [];
  const state: CopyState = {
    wanted: { ...wanted },
    copied: { blobs: 0, bytes: 0 },
    present: { blobs: 0, bytes: 0 },
    failed,
    images: { made: 0, failed: 0 },
    lease: undefined,
    givenUp: "",
    reached: (digest, offset) => void active.set(digest, offset),
    done({ digest, size, present }) {
      active.delete(digest);
      add(present ? state.present : state.copied, size);
    },
    fail(failure) {
      active.delete(failure.digest);
      failed.add(failure.digest);
      add(failedAmount, failure.size);
      if (failures.length < mostTold) failures.push(failure);
    },
    teller() {
      let next = 0;
      return {
        tell(isOver) {
          const untold = failures.slice(next, next + toldAtOnce);
          next += untold.length;
          return { ...now(), failures: untold, complete: isOver && next === failures.length };
        },
      };
    },
  };
  const now = (): Omit<ToldCopy, "failures" | "complete"> => ({
    wanted: { ...state.wanted },
    copied: { ...state.copied },
    present: { ...state.present },
    failed: { ...failedAmount },
    activeBytes: active.values().reduce((sum, offset) => sum + offset, 0),
    images: state.images.made,
    failedImages: state.images.failed,
    ...(state.lease && { lease: state.lease }),
    givenUp: state.givenUp,
  });
  return state;
}

function add(count: Count, size: number): void {
  count.blobs += 1;
  count.bytes += size;
}
