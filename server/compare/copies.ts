import { randomBytes } from "node:crypto";
import type { CopyMissingProgress } from "../../content/compare/report.ts";
import { ContentError, cancelled } from "../../content/errors.ts";
import type { CopyState } from "./copy-state.ts";
import { ticking } from "./ticking.ts";

/** What is known of a copy that is over: so long, in milliseconds, and of so many of one caller. */
const kept = { ms: 15 * 60_000, ofOwner: 4 } as const;

/** A copy that goes on, or is over since a while. */
export interface Copy extends Pick<CopyMissingProgress, "target"> {
  readonly id: string;
  /** Identity of the caller that it is for. */
  readonly owner: string;
  readonly state: CopyState;
  /** Settled once it is over; rejected with why it ended before its end, which nobody has to heed. */
  readonly over: Promise<void>;
  readonly isOver: boolean;
  /** Ends it; nothing where it is over. */
  end(): void;
}

/** What is to be copied by somebody. */
export interface NewCopy extends Pick<Copy, "owner" | "target" | "state"> {
  /** Ends soon after its signal aborted. */
  readonly work: (signal: AbortSignal) => Promise<void>;
  /** Ends it, besides: who asked for it may not go on. */
  readonly ended?: AbortSignal;
}

/** The copies of a server. */
export interface Copies extends AsyncDisposable {
  /** It begins at once. */
  begin(copy: NewCopy): Copy;
  /** @param id empty: the one that the caller began last @throws `not-found` where there is none, or not any more */
  find(id: string, owner: string): Copy;
  /** Nothing is known any more of a copy that is over. */
  forget(copy: Copy): void;
}

/** None yet. @param stopping ends all */
export function createCopies(stopping: AbortSignal): Copies {
  const copies = new Map<string, Copy>();
  const timers = new Map<Copy, NodeJS.Timeout>();

  function forget(copy: Copy): void {
    clearTimeout(timers.get(copy));
    timers.delete(copy);
    copies.delete(copy.id);
  }

  function rest(copy: Copy): void {
    const timer = setTimeout(() => forget(copy), kept.ms);
    timer.unref();
    timers.set(copy, timer);
    const others = [...timers.keys()].filter(({ owner }) => owner === copy.owner);
    for (const older of others.slice(0, -kept.ofOwner)) forget(older);
  }

  return {
    begin({ work, ended, ...given }) {
      const by = new AbortController();
      const signal = AbortSignal.any([by.signal, stopping, ...(ended ? [ended] : [])]);
      let isOver = false;
      const over = work(signal)
        .catch((error: unknown) => {
          throw by.signal.aborted ? cancelled() : endedBy(stopping, ended, error);
        })
        .finally(() => {
          isOver = true;
          rest(copy);
        });
      over.catch(() => undefined);
      const copy: Copy = {
        ...given,
        id: randomBytes(16).toString("base64url"),
        over,
        get isOver() {
          return isOver;
        },
        end: () => by.abort(),
      };
      copies.set(copy.id, copy);
      return copy;
    },
    find(id, owner) {
      const own = [...copies.values()].filter((copy) => copy.owner === owner);
      const found = id === "" ? own.at(-1) : own.find((copy) => copy.id === id);
      if (found === undefined) throw new ContentError("not-found", "there is no such copy any more");
      return found;
    },
    forget,
    async [Symbol.asyncDispose]() {
      for (const copy of copies.values()) copy.end();
      await Promise.allSettled([...copies.values()].map(({ over }) => over));
      for (const copy of [...copies.values()]) forget(copy);
    },
  };
}

/** Why a copy ended that nobody ended. */
function endedBy(stopping: AbortSignal, ended: AbortSignal | undefined, error: unknown): unknown {
  if (stopping.aborted) return new ContentError("unavailable", "the server stops; what came stays");
  if (ended?.aborted !== true) return error;
  // Unauthenticated would sign out who follows it later, and may go on.
  const { reason } = ended;
  return new ContentError(
    "aborted",
    `who began it may not go on: ${reason instanceof Error ? reason.message : "it ended"}`,
  );
}

/**
 * How far a copy is, four times a second, and at last all of it.
 *
 * @throws why it ended before its end; `cancelled` once the signal aborted, which ends nothing else
 */
export async function* follow(copy: Copy, signal: AbortSignal): AsyncGenerator<CopyMissingProgress, void, undefined> {
  const { id, target, state } = copy;
  const teller = state.teller();
  const tell = (isOver: boolean): CopyMissingProgress => ({ copy: id, target, ...teller.tell(isOver) });
  if (!copy.isOver) yield tell(false);
  let problem: unknown;
  try {
    yield* ticking(
      (either) => overOrLeft(copy, either),
      () => tell(false),
      signal,
    );
  } catch (error) {
    if (!copy.isOver) throw error;
    problem = error;
  }
  for (let isTold = false; !isTold; ) {
    const told = tell(true);
    isTold = told.complete;
    // What ended before its end is not complete, and its error says so.
    yield problem === undefined ? told : { ...told, complete: false };
  }
  if (problem !== undefined) throw problem;
}

/** @throws as the copy does; `cancelled` once the signal aborted */
async function overOrLeft({ over }: Copy, signal: AbortSignal): Promise<void> {
  if (signal.aborted) throw cancelled();
  const { promise, reject } = Promise.withResolvers<never>();
  const leave = (): void => reject(cancelled());
  signal.addEventListener("abort", leave, { once: true });
  try {
    await Promise.race([over, promise]);
  } finally {
    signal.removeEventListener("abort", leave);
  }
}
