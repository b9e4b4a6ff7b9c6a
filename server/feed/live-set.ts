import type { Begin, Bookmark, End, Frame, SetTotals } from "./events.ts";
import type { Resumption } from "./resume.ts";
import type { FeedTiming } from "./timing.ts";
import { nextTurn } from "./turns.ts";
import type { Wake } from "./wake.ts";
import { createWake } from "./wake.ts";

/** A set that follows what happens to it, for one reader. Disposing of it twice is no error. */
export interface LiveSet<Event> extends Disposable {
  /** The whole set; `undefined` tells that it is still at work. When it ends, the set is as `totals` say. */
  rows(): AsyncIterable<Event | undefined>;
  /**
   * Instead of `rows`, for a reader that knows of every change up to a number: what it missed. To be called in the turn in
   * which the set was opened.
   *
   * @returns absent where that is not known, or is too much
   */
  resume(from: number): Promise<AsyncIterable<Event | undefined> | undefined>;
  /** What is due now, `undefined` as above; nothing, when nothing is. */
  changes(): AsyncIterable<Event | undefined>;
  /** When there is something to do next, in milliseconds since 1970; absent: once something happens. */
  dueAt(): number | undefined;
  /** True when the reader was too slow, and has to begin again. */
  readonly overflowed: boolean;
  /** False while a row was told that `totals` do not include yet. */
  readonly settled: boolean;
  /** Of everything that was told. */
  readonly totals: SetTotals;
  /** Number of the last change before which everything was told; absent while there is none to go on from. */
  readonly position: number | undefined;
}

/** How a stream of a set lives. */
export interface StreamOptions {
  /** False: it ends with the first set. */
  readonly follow: boolean;
  readonly timing: FeedTiming;
  /** Absent: it begins anew, and none goes on from it. */
  readonly resumption?: Resumption;
  /** Aborted when the server begins to stop. */
  readonly stopping: AbortSignal;
  /** Aborted when the reader is gone; everything is let go then, also when the reader never asks for an event again. */
  readonly signal: AbortSignal;
}

/**
 * A live set as events: begin, its rows, a complete bookmark, then changes, and a bookmark at every heartbeat at the
 * latest; at last an end, unless the reader went. A stream that goes on from an earlier one tells what the reader missed in
 * place of begin and rows.
 *
 * @param open makes the set: it wakes the stream when something happened, and may wait itself while it is asked for events
 */
export async function* streamSet<Event>(
  open: (wake: Wake, signal: AbortSignal) => LiveSet<Event>,
  options: StreamOptions,
): AsyncGenerator<Event | Frame, void, undefined> {
  const { signal, stopping, timing, resumption } = options;
  const wake = createWake();
  const over = new AbortController();
  const ended = AbortSignal.any([signal, over.signal]);
  stopping.addEventListener("abort", wake.wake, { signal: ended });
  signal.addEventListener("abort", wake.wake, { signal: over.signal });
  const state = { endsAt: Date.now() + lifetime(timing), wait: wake.wait, ...options };
  let from = resumption?.from;
  let reason: Begin["reason"] = from === undefined ? "initial" : "token-expired";
  try {
    for (; !signal.aborted; reason = "overflow") {
      using set = open(wake, ended);
      ended.addEventListener("abort", () => set[Symbol.dispose](), { once: true });
      const missed = typeof from === "number" ? await set.resume(from) : undefined;
      from = undefined;
      if (missed === undefined) yield { kind: "begin", reason, heartbeatMs: timing.heartbeatMs };
      const last = yield* followSet(set, missed ?? set.rows(), state);
      if (last === undefined) continue;
      yield last;
      return;
    }
  } finally {
    over.abort();
  }
}

function lifetime({ maxAgeMs, ageSpread }: FeedTiming): number {
  return maxAgeMs * (1 + ageSpread * (2 * Math.random() - 1));
}

/** @returns the stream's end; absent when the set has to begin again, or the reader went */
async function* followSet<Event>(
  set: LiveSet<Event>,
  first: AsyncIterable<Event | undefined>,
  state: StreamOptions & { readonly endsAt: number; readonly wait: (timeoutMs: number) => Promise<void> },
): AsyncGenerator<Event | Bookmark, End | undefined, undefined> {
  const { follow, timing, stopping, signal, endsAt, wait } = state;
  const over = () => signal.aborted || set.overflowed;
  let marked = Date.now();
  const mark = (complete: boolean): Bookmark => {
    marked = Date.now();
    const token = complete ? tokenOf(set, state) : "";
    return { kind: "bookmark", token, serverTime: new Date(marked), complete, ...set.totals };
  };
  const end = (reason: End["reason"], token = tokenOf(set, state)): End => ({ kind: "end", reason, token });

  for await (const event of first) {
    if (over()) return undefined;
    if (stopping.aborted) return end("shutdown", "");
    if (event !== undefined) yield event;
    if (Date.now() >= marked + timing.heartbeatMs) yield mark(false);
  }
  if (over()) return undefined;
  let told = set.totals;
  yield mark(true);
  if (!follow) return end("complete");

  for (;;) {
    if (over()) return undefined;
    if (stopping.aborted) return end("shutdown");
    if (Date.now() >= endsAt) return end("max-age");
    for await (const event of set.changes()) {
      if (over()) return undefined;
      // Totals stand for all that is due: a bookmark between two events would count what was not sent yet.
      if (event !== undefined) yield event;
      else if (Date.now() >= marked + timing.heartbeatMs) yield mark(true);
    }
    if (over()) return undefined;
    const news = !sameTotals(told, set.totals);
    const markAt = marked + (news && set.settled ? timing.countsMs : timing.heartbeatMs);
    if (Date.now() >= markAt) {
      told = set.totals;
      yield mark(true);
      continue;
    }
    await wait(Math.max(0, Math.min(markAt, endsAt, set.dueAt() ?? endsAt) - Date.now()));
    // What comes together is told together.
    await nextTurn();
  }
}

function tokenOf<Event>({ position }: LiveSet<Event>, { resumption }: StreamOptions): string {
  return position === undefined ? "" : (resumption?.tokenAt(position) ?? "");
}

function sameTotals(a: SetTotals, b: SetTotals): boolean {
  const same = (one: SetTotals["selected"] | undefined, other: SetTotals["selected"] | undefined) =>
    one?.count === other?.count && one?.bytes === other?.bytes;
  return same(a.selected, b.selected) && same(a.whole, b.whole);
}
