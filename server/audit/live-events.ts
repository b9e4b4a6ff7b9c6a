import type { AuditEvent, AuditKept } from "../../content/audit.ts";
import { now } from "../clock.ts";
import type { Frame, SetTotals } from "../feed/events.ts";
import type { LiveSet, StreamOptions } from "../feed/live-set.ts";
import { streamSet } from "../feed/live-set.ts";
import type { Wake } from "../feed/wake.ts";
import type { Audit } from "./audit.ts";
import { countMs } from "./pages.ts";
import type { EventRange } from "./reader.ts";
import type { EventSelection } from "./select.ts";
import { compileEvents } from "./select.ts";

/** What a stream of events tells besides its frame. */
export type AuditNews =
  | { readonly kind: "events"; readonly events: readonly AuditEvent[] }
  | { readonly kind: "kept"; readonly kept: AuditKept };

/** What is watched of the audit. */
export interface EventWatch {
  readonly selection: EventSelection;
  /** All that its caller may see: the whole, to them; absent: everything. */
  readonly visible?: EventSelection;
  /** Events of the first set, the newest. */
  readonly limit: number;
}

type Log = Pick<Audit, "range" | "reader" | "listen" | "kept">;

/**
 * The newest events of a selection, and what comes.
 *
 * @throws what compileEvents throws
 */
export function watchEvents(
  audit: Log,
  watch: EventWatch,
  options: Omit<StreamOptions, "resumption">,
): AsyncGenerator<AuditNews | Frame, void, undefined> {
  // What cannot be is refused before a message was sent.
  compileEvents(watch.selection, now());
  return streamSet((wake, signal) => openLiveEvents(audit, watch, wake, signal), options);
}

/** Nothing waits in memory for a slow reader: what came is read from the disk when it asks. */
function openLiveEvents(
  audit: Log,
  { selection, visible, limit }: EventWatch,
  wake: Wake,
  signal: AbortSignal,
): LiveSet<AuditNews> {
  const { last } = audit.range;
  /** The newest that was looked at. */
  let seen = last;
  let count = 0;
  /** Of those that the caller may see. */
  let countOfVisible = 0;
  let keptSince: number | undefined;
  const stop = audit.listen(wake.wake);

  function* keptNews(): Generator<AuditNews> {
    const kept = audit.kept();
    const since = kept.since?.getTime();
    if (keptSince !== undefined && since === keptSince) return;
    keptSince = since ?? 0;
    yield { kind: "kept", kept };
  }

  async function countVisible(range: EventRange): Promise<void> {
    if (visible === undefined) return;
    const { count: more } = await audit.reader.count(range, compileEvents(visible, now()), countMs, signal);
    countOfVisible += more;
  }

  async function* rows(): AsyncGenerator<AuditNews | undefined> {
    yield* keptNews();
    const range = { first: audit.range.first, last };
    await countVisible(range);
    const condition = compileEvents(selection, now());
    for await (const events of audit.reader.newest(range, condition, limit, signal)) {
      count += events.length;
      yield events.length > 0 ? { kind: "events", events } : undefined;
    }
  }

  async function* changes(): AsyncGenerator<AuditNews | undefined> {
    while (seen < audit.range.last) {
      const range = { first: seen + 1, last: Math.min(audit.range.last, seen + 200) };
      const condition = compileEvents(selection, now());
      const news: AuditEvent[] = [];
      for await (const events of audit.reader.newest(range, condition, Infinity, signal)) news.push(...events);
      await countVisible(range);
      seen = range.last;
      count += news.length;
      yield news.length > 0 ? { kind: "events", events: news.toReversed() } : undefined;
    }
    yield* keptNews();
  }

  return {
    rows,
    resume: async () => undefined,
    changes,
    dueAt: () => undefined,
    overflowed: false,
    settled: true,
    get totals(): SetTotals {
      const { range } = audit;
      const all = range.first === 0 ? 0 : range.last - range.first + 1;
      const whole = visible === undefined ? all : Math.min(all, countOfVisible);
      return { selected: { count, bytes: 0 }, whole: { count: whole, bytes: 0 } };
    },
    position: undefined,
    [Symbol.dispose]: stop,
  };
}
