import type { Digest } from "../../content/digest.ts";
import type { Change } from "./change.ts";
import type { DigestChange } from "./digest-change.ts";
import { addChange } from "./digest-change.ts";
import type { Feed } from "./feed.ts";
import { createPending } from "./pending.ts";
import type { CompiledSelection } from "./selection.ts";
import type { FeedTiming } from "./timing.ts";

/**
 * Changes of blobs that one reader has not been told yet, one entry a digest, up to a bound of entries and of bytes.
 *
 * A reader is also told rows of views of the store, which can be ahead of what the feed has told. So that nothing goes
 * back in time, changes wait until the feed has caught up with the newest view.
 */
export interface BlobInbox extends Disposable {
  /** True when there were more than the bound; it holds nothing and listens no more then. */
  readonly overflowed: boolean;
  /** The newest view that rows were told of, as a number of the feed. */
  readonly seen: number;
  /** Number of the last change before which everything was taken. */
  readonly position: number;
  /** Rows of a view were told. */
  saw(sequence: number): void;
  /** True when every change up to `seen` was taken. */
  readonly settled: boolean;
  /** The next changes that are due, some at once. */
  take(nowMs: number): readonly DigestChange[];
  /** When to take again, in milliseconds since 1970; absent: once woken. */
  dueAt(nowMs: number): number | undefined;
}

/**
 * @param since changes up to this number of the feed are left out
 * @param minIntervalMs least time between two entries of a digest
 * @param wake is called when there may be something to take
 */
export function openBlobInbox(
  feed: Feed,
  selection: CompiledSelection,
  {
    since,
    minIntervalMs,
    timing,
    wake,
  }: { since: number; minIntervalMs: number; timing: FeedTiming; wake: () => void },
): BlobInbox {
  const pending = createPending<Digest, DigestChange>(minIntervalMs, timing.pendingKeys, ({ bytes }) => bytes);
  let overflowed = false;
  let seen = since;
  let settled = true;
  let settleUntil = 0;

  const caughtUp = (nowMs: number) => feed.told >= seen || nowMs >= settleUntil;
  const unlisten = feed.listen(hear);

  function hear(change: Change): void {
    if (!settled) wake();
    if (change.kind !== "blob" || change.sequence <= since || !selection.covers(change)) return;
    pending.set(change.digest, addChange(pending.get(change.digest), change), change.sequence <= seen);
    if (pending.size > timing.pendingKeys || pending.bytes > timing.pendingBytes) {
      overflowed = true;
      close();
    }
    wake();
  }

  function close(): void {
    unlisten();
    pending.clear();
  }

  return {
    get overflowed() {
      return overflowed;
    },
    get seen() {
      return seen;
    },
    get settled() {
      return settled;
    },
    get position() {
      let position = Math.max(since, feed.told);
      for (const change of pending.values()) position = Math.min(position, change.since - 1);
      return position;
    },
    saw(sequence) {
      if (sequence <= seen) return;
      seen = sequence;
      settled = false;
      settleUntil = Date.now() + timing.settleMs;
      pending.release();
    },
    take(nowMs) {
      if (!caughtUp(nowMs)) return [];
      const taken = pending.take(nowMs, timing.batchRows);
      if (taken.length < timing.batchRows) settled = true;
      return taken;
    },
    dueAt(nowMs) {
      return caughtUp(nowMs) ? pending.dueAt(nowMs) : settleUntil;
    },
    [Symbol.dispose]: close,
  };
}
