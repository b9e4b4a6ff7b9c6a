import { ContentError, cancelled } from "../../content/errors.ts";
import { goDuration, goTime } from "./go-time.ts";

/** A ref that is held. */
export interface RefLock {
  readonly since: Date;
  /** Let go. It ends this hold alone: once more, or after somebody else took the ref, it does nothing. */
  release(): void;
}

/** Who may write where: a store is given one, so that something that more than one process sees can stand in for it. */
export interface RefLocks {
  /**
   * Take hold of a ref, after a short wait for its holder.
   *
   * @param atMostMs how long to wait; 0: not at all; absent: as the locks are made
   * @throws `unavailable` "ref R locked for D (since T)", with facts.locked; `cancelled` when the signal aborts the wait
   */
  lock(ref: string, signal?: AbortSignal, atMostMs?: number): Promise<RefLock>;
}

export interface RefLocksOptions {
  /** How long to wait for a holder to let go, in milliseconds; 0: not at all; absent: 500. */
  readonly waitMs?: number;
}

/** containerd's ten tries take about as long. */
const defaultWaitMs = 500;

interface Held {
  readonly since: Date;
  /** Those that wait, the longest first. */
  readonly waiting: Set<(lock: RefLock) => void>;
}

/** Locks of one process. Whoever waits longest is next, and is woken by the release. */
export function createRefLocks({ waitMs = defaultWaitMs }: RefLocksOptions = {}): RefLocks {
  const held = new Map<string, Held>();

  function take(ref: string, waiting: Held["waiting"]): RefLock {
    const mine: Held = { since: new Date(), waiting };
    held.set(ref, mine);
    return {
      since: mine.since,
      release() {
        if (held.get(ref) !== mine) return;
        const [next] = mine.waiting;
        if (next === undefined) {
          held.delete(ref);
          return;
        }
        mine.waiting.delete(next);
        next(take(ref, mine.waiting));
      },
    };
  }

  function wait(
    ref: string,
    waiting: Held["waiting"],
    signal: AbortSignal | undefined,
    atMostMs: number,
  ): Promise<RefLock> {
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        waiting.delete(taken);
        clearTimeout(timer);
        signal?.removeEventListener("abort", onAbort);
      };
      const taken = (lock: RefLock): void => {
        settle();
        resolve(lock);
      };
      const timer = setTimeout(() => {
        settle();
        reject(lockedError(ref, held.get(ref)?.since ?? new Date()));
      }, atMostMs);
      const onAbort = (): void => {
        settle();
        reject(cancelled());
      };
      signal?.addEventListener("abort", onAbort, { once: true });
      waiting.add(taken);
    });
  }

  return {
    async lock(ref, signal, atMostMs = waitMs) {
      if (signal?.aborted) throw cancelled();
      const holder = held.get(ref);
      if (holder === undefined) return take(ref, new Set());
      if (atMostMs <= 0) throw lockedError(ref, holder.since);
      return wait(ref, holder.waiting, signal, atMostMs);
    },
  };
}

/** In containerd's words (content/local/locks.go). */
function lockedError(ref: string, since: Date): ContentError {
  const held = goDuration(Date.now() - since.getTime());
  return new ContentError("unavailable", `ref ${ref} locked for ${held} (since ${goTime(since)})`, {
    locked: { ref, since, holder: "" },
  });
}
