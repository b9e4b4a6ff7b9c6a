import { setImmediate as nextTurn } from "node:timers/promises";
import { createAttempts } from "./attempts.ts";
import { namesOf } from "./catalog-look.ts";
import type { MirrorCore } from "./core.ts";
import { createDemand } from "./demand.ts";
import type { MirrorFolder } from "./folder.ts";
import { createGate, doesNotAnswer, notReadYet } from "./gate.ts";
import { createHints } from "./hints.ts";
import type { PolledIngests } from "./ingest-look.ts";
import { lookAtAll } from "./look-at-all.ts";
import { createPace } from "./pace.ts";
import type { StateBoard } from "./state.ts";

/** Looks at a source again and again while somebody watches, and tells whether it answers. */
export interface Looking extends AsyncDisposable {
  /** A call came, or somebody began to follow: that counts as watching for a while. */
  called(): void;
  /** The same, and waits a little for what is there to be as it is now. @throws as `require`; `cancelled` */
  ready(signal?: AbortSignal): Promise<void>;
  /** A call came that waits for nothing. @throws `unavailable` while nothing was ever read to the end */
  require(): void;
  /** Something changed here: look as soon as may be. */
  hint(): void;
  /** An ingest came or ended here: look at them as soon as may be. */
  hintIngests(): void;
  /** The source did not answer somebody. */
  failed(error: unknown): void;
}

/** What is looked with. */
export interface LookingParts {
  readonly core: MirrorCore;
  readonly folder: MirrorFolder;
  readonly ingests: PolledIngests;
  readonly board: StateBoard;
  /** Ends it. */
  readonly closing: AbortSignal;
}

const never = Number.NEGATIVE_INFINITY;

/** Begin to look: once, and then while somebody watches. */
export function startLooking({ core, folder, ingests, board, closing }: LookingParts): Looking {
  const { name, source, rows, timing, logger } = core;
  const demand = createDemand(rows.feed, timing.idleMs);
  const attempts = createAttempts(core, folder, board);
  const pace = createPace(timing, performance.now());
  const hints = createHints(source, logger, hint);
  const wake = createGate();
  /** Opens after each look at everything, and each failure. */
  const outcome = createGate();
  /** When ingests were looked at, and are next. */
  let [ingestsMs, ingestsDueMs] = [never, never];
  let isHinted = false;
  /** Until when calls wait, since everything was not looked at after a time in which nobody watched. */
  let staleUntilMs = never;
  /** Blobs, of a look that is under way. */
  let seen = 0;

  function hint(): void {
    if (isHinted) return;
    isHinted = true;
    wake.open();
  }

  function called(): void {
    const nowMs = performance.now();
    const isResuming = demand.called(nowMs);
    if (attempts.isFailing) attempts.hurry();
    if (!isResuming) return;
    isHinted = true;
    staleUntilMs = nowMs + timing.freshMs;
    board.set({ isWatched: true });
    wake.open();
  }

  function failed(error: unknown): void {
    if (closing.aborted) return;
    attempts.failed(error);
    staleUntilMs = never;
    outcome.open();
  }

  /** Ask for nothing but an answer. */
  async function contact(): Promise<void> {
    const ask = core.ask([closing]);
    const version = await ask.one((signal) => source.ping(signal));
    board.set({ lastContactAt: new Date(), latencyMs: ask.spentMs, version });
  }

  async function lookAtIngests(): Promise<void> {
    const ask = core.ask([closing]);
    ingestsMs = performance.now();
    // Also of a look that fails: it is not to be made again at once.
    ingestsDueMs = ingestsMs + timing.ingestsMs;
    const hasEnded = await ingests.look(namesOf(core), ask);
    const nowMs = performance.now();
    pace.spent(ask.spentMs, nowMs);
    ingestsDueMs = nowMs + Math.min(timing.mostMs, Math.max(timing.ingestsMs, ask.spentMs * timing.restPerCost));
    if (hasEnded) isHinted = true;
  }

  /** Other work goes on, and ingests are looked at as often as otherwise, however long the list of blobs is. */
  async function pause(more: number): Promise<void> {
    seen += more;
    await nextTurn();
    if (performance.now() >= ingestsDueMs) await lookAtIngests();
  }

  async function look(): Promise<void> {
    const ask = core.ask([closing]);
    isHinted = false;
    seen = 0;
    try {
      await contact();
      if (demand.isWatched(performance.now())) hints.start();
      await lookAtAll(core, { ask, pause }, lookAtIngests);
    } finally {
      const nowMs = performance.now();
      pace.spent(ask.spentMs, nowMs);
      pace.looked(ask.spentMs, nowMs);
    }
    if (!folder.isFilled) await folder.fill();
    staleUntilMs = never;
    attempts.succeeded();
    // A look may take longer than whoever wanted it stays.
    if (demand.isWatched(performance.now())) board.set({ isWatched: true, everyMs: pace.everyMs });
    else rest();
    outcome.open();
  }

  /** Nobody watches any more. */
  function rest(): void {
    hints.stop();
    if (board.now.isWatched || board.now.everyMs !== undefined) board.set({ isWatched: false, everyMs: undefined });
  }

  /** When there is something to do next. */
  function dueMs(): number {
    if (attempts.isFailing) return attempts.dueMs;
    if (board.now.state === "connecting" || !folder.isFilled) return never;
    if (!demand.isWatched(performance.now())) return board.now.isWatched ? never : Number.POSITIVE_INFINITY;
    return Math.min(pace.nextMs(isHinted), ingestsDueMs, demand.endsMs());
  }

  async function step(): Promise<void> {
    const isWatched = demand.isWatched(performance.now());
    if (!isWatched) rest();
    if (!folder.isFilled) return await look();
    if (!isWatched) {
      if (board.now.state === "live") return;
      await contact();
      return attempts.succeeded();
    }
    if (attempts.isFailing || performance.now() >= pace.nextMs(isHinted)) return await look();
    if (performance.now() < ingestsDueMs) return;
    await lookAtIngests();
    board.set({ lastContactAt: new Date() });
  }

  async function run(): Promise<void> {
    while (!closing.aborted) {
      const waitMs = dueMs() - performance.now();
      if (waitMs > 0) {
        await wake.wait(waitMs);
        continue;
      }
      await step().catch(failed);
      await nextTurn();
    }
    hints.stop();
  }

  function refuseUnread(): void {
    if (folder.isFilled) return;
    const { state, reason = "" } = board.now;
    throw state === "unreachable" ? doesNotAnswer(name, reason) : notReadYet(name, seen);
  }

  async function firstLook(signal: AbortSignal | undefined): Promise<void> {
    const untilMs = performance.now() + timing.firstMs;
    const isOpen = () => !folder.isFilled && !attempts.isFailing && !closing.aborted;
    while (isOpen() && performance.now() < untilMs) await outcome.wait(untilMs - performance.now(), signal);
    refuseUnread();
  }

  closing.addEventListener("abort", wake.open, { once: true });
  closing.addEventListener("abort", outcome.open, { once: true });
  const running = run();
  return {
    called,
    require() {
      called();
      refuseUnread();
    },
    async ready(signal) {
      called();
      if (!folder.isFilled) return await firstLook(signal);
      const waitMs = staleUntilMs - performance.now();
      if (waitMs > 0 && !attempts.isFailing && !closing.aborted) await outcome.wait(waitMs, signal);
    },
    hint,
    hintIngests() {
      ingestsDueMs = Math.min(ingestsDueMs, ingestsMs + timing.hintMs);
      wake.open();
    },
    failed(error) {
      // While one attempt fails after the other, that is known.
      if (!attempts.isFailing) failed(error);
      wake.open();
    },
    async [Symbol.asyncDispose]() {
      wake.open();
      await running;
    },
  };
}
