import { ContentError } from "../../content/errors.ts";

/** How long writers are held between calls, and how many. Tests hand in smaller numbers. */
export interface HeldLimits {
  /** Milliseconds that a writer is held after its last call, and its last answer kept. */
  readonly holdMs: number;
  /** Writers that one caller may hold. */
  readonly perIdentity: number;
  /** Writers that all callers may hold together. */
  readonly overall: number;
  /** Calls that may wait for one that is under way, of one writer. */
  readonly waitingCalls: number;
  /** Writers that hold nothing any more and whose last answer is kept; the oldest goes first. */
  readonly answers: number;
}

/** What a server uses. */
export const heldLimits: HeldLimits = {
  holdMs: 30_000,
  perIdentity: 256,
  overall: 1024,
  waitingCalls: 1,
  answers: 4096,
};

/** Places for writers that are held. */
export interface HeldPlaces {
  /**
   * Take a place, to be disposed of once the writer is let go.
   *
   * @param identity of the caller; empty: one that is not known
   * @throws `resource-exhausted`, in one line that says what to do
   */
  take(identity: string): Disposable;
}

/** Places that are all free. */
export function createHeldPlaces({ perIdentity, overall }: HeldLimits): HeldPlaces {
  const taken = new Map<string, number>();
  let all = 0;
  return {
    take(identity) {
      const own = taken.get(identity) ?? 0;
      if (own >= perIdentity || all >= overall) {
        const [most, whose] = own >= perIdentity ? [perIdentity, "you hold"] : [overall, "are held here"];
        const text = `more than ${most} writers ${whose}; commit some, or let go of them with close`;
        throw new ContentError("resource-exhausted", text);
      }
      taken.set(identity, own + 1);
      all += 1;
      return {
        [Symbol.dispose]() {
          const left = (taken.get(identity) ?? 1) - 1;
          if (left === 0) taken.delete(identity);
          else taken.set(identity, left);
          all -= 1;
        },
      };
    },
  };
}
