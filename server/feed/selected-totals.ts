import type { Digest } from "../../content/digest.ts";
import type { Metadata } from "../metadata/metadata.ts";
import type { Totals } from "../metadata/set.ts";
import type { BlobChange, Change } from "./change.ts";
import type { DigestChange } from "./digest-change.ts";
import { addChange, subtractTotals } from "./digest-change.ts";
import { rowBytes } from "./row-bytes.ts";
import type { CompiledSelection } from "./selection.ts";
import type { FeedTiming } from "./timing.ts";

/**
 * What a selection counts at one moment, found by a count of a later one: what changed between the two is taken back.
 */
export interface SelectedTotals extends Disposable {
  /** Settled when it is counted; `found` may be called once the feed has told everything up to `sequence`. */
  readonly counted: Promise<void>;
  /** Number of the last change that the count included; 0 before it is counted. */
  readonly sequence: number;
  /** Rows and bytes so far. */
  readonly soFar: Totals;
  /** True when more changed meanwhile than may be remembered; it holds nothing and listens no more then. */
  readonly overflowed: boolean;
  /** What the selection counted at the moment that it was asked for. */
  found(): Totals;
}

/**
 * Begin to count. To be called in the turn of the moment that is asked for.
 *
 * @param since number of the last change before it
 * @param signal ends it early, without an error
 */
export function countSince(
  metadata: Pick<Metadata, "feed" | "count">,
  selection: CompiledSelection,
  { since, timing, signal }: { since: number; timing: FeedTiming; signal: AbortSignal },
): SelectedTotals {
  const count = metadata.count(selection, signal);
  let changes: BlobChange[] = [];
  let bytes = 0;
  let sequence = 0;
  let overflowed = false;
  const unlisten = metadata.feed.listen(hear);
  const counted = count.done.then((last) => {
    sequence = last;
  });
  // Whoever waits for it hears of its failure; a reader that left before does not.
  counted.catch(() => {});

  function hear(change: Change): void {
    if (change.kind !== "blob" || change.sequence <= since || !selection.covers(change)) return;
    if (sequence > 0 && change.sequence > sequence) return;
    changes.push(change);
    for (const row of [change.before, change.after]) bytes += row === undefined ? 0 : rowBytes(row);
    overflowed = changes.length > timing.pendingKeys || bytes > timing.pendingBytes;
    if (overflowed) close();
  }

  function close(): void {
    unlisten();
    changes = [];
  }

  return {
    counted,
    get sequence() {
      return sequence;
    },
    get soFar() {
      return count.totals;
    },
    get overflowed() {
      return overflowed;
    },
    found() {
      const byDigest = new Map<Digest, DigestChange>();
      for (const change of changes) {
        if (change.sequence > sequence) continue;
        byDigest.set(change.digest, addChange(byDigest.get(change.digest), change));
      }
      close();
      return [...byDigest.values()].reduce(
        (totals, change) => subtractTotals(totals, change, selection.selectsBlob),
        count.totals,
      );
    },
    [Symbol.dispose]: close,
  };
}
