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
  /** How far it is, with failures that were not told yet. @param isOver complete is what tells the last of them then */
  tell(isOver: boolean): CopyMissingProgress;
}

/** @param wanted what is to be copied in all */
export function createCopyState(wanted: BlobAmount): CopyState {
  const active = new Map<Digest, number>();
  const failed = new Set<Digest>();
  const failedAmount: Count = { blobs: 0, bytes: 0 };
  const untold: FailedCopy[] = [];
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
      if (failedAmount.blobs <= mostTold) untold.push(failure);
    },
    tell(isOver) {
      const failures = untold.splice(0, toldAtOnce);
      const { copied, present, images, lease, givenUp } = state;
      return {
        wanted: { ...state.wanted },
        copied: { ...copied },
        present: { ...present },
        failed: { ...failedAmount },
        activeBytes: active.values().reduce((sum, offset) => sum + offset, 0),
        failures,
        images: images.made,
        failedImages: images.failed,
        ...(lease && { lease }),
        complete: isOver && untold.length === 0,
        givenUp,
      };
    },
  };
  return state;
}

function add(count: Count, size: number): void {
  count.blobs += 1;
  count.bytes += size;
}
