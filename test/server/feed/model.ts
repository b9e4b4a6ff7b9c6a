import { compareBy, parseOrder } from "../../../content/order.ts";
import type { BlobRow } from "../../../server/feed/change.ts";
import type { Bookmark } from "../../../server/feed/events.ts";
import { openLiveBlobs } from "../../../server/feed/live-blobs.ts";
import { streamSet } from "../../../server/feed/live-set.ts";
import type { CompiledSelection } from "../../../server/feed/selection.ts";
import { compileSelection } from "../../../server/feed/selection.ts";
import type { FeedTiming } from "../../../server/feed/timing.ts";
import type { Order } from "../../../server/metadata/set.ts";
import { createReader, quick } from "./reader.ts";
import type { Table } from "./table.ts";
import { digestOf, totalsOf } from "./table.ts";

/** A row by small numbers: the namespace `a` or `b`, one of a few digests. */
interface Place {
  readonly in: number;
  readonly number: number;
}

/** One thing that happens to the table or its reader. */
export type Step =
  | (Place & { readonly do: "put"; readonly tier: string })
  | (Place & { readonly do: "remove" })
  /** A blob that is gone before the reader has asked so many times more. */
  | (Place & { readonly do: "flash"; readonly times: number })
  | { readonly do: "hold" }
  | { readonly do: "tell"; readonly changes: number }
  | { readonly do: "tell all" }
  | { readonly do: "read"; readonly times: number };

/** What the reader asks for, and how much it may fall behind. */
export interface Query {
  readonly namespaces: readonly string[];
  readonly filters: readonly string[];
  readonly orderBy: string;
  readonly limit: number;
  /** Of the row that a window begins at; absent: the first. */
  readonly startAt?: Place | undefined;
  readonly timing: Pick<FeedTiming, "pendingKeys" | "pageRows" | "batchRows">;
}

/** A reader of a table, and what is wrong with it. */
export interface Model extends Disposable {
  /** Do a step; a read does not wait for what comes only once something is told. */
  apply(step: Step): Promise<void>;
  /** Bookmarks that did not count what the reader had been told. */
  readonly miscounts: readonly string[];
  /** What the reader holds and was told of counts. */
  held(): unknown;
  /** The same of a reader that heard of everything. */
  wanted(): unknown;
}

/** Turns of the event loop that a read is waited for. */
const patience = 10;

/** Open a reader of the table. */
export function openModel(table: Table, { limit, orderBy, startAt, ...query }: Query): Model {
  const order = parseOrder(orderBy);
  const selection = compileSelection(query, undefined);
  const timing = { ...quick, heartbeatMs: 5, settleMs: 60_000, ...query.timing };
  const left = new AbortController();
  const options = { follow: true, timing, stopping: new AbortController().signal, signal: left.signal };
  const start = startOf(startAt, limit);
  table.scanRows = timing.pageRows;
  const live = { selection, order, limit, minIntervalMs: 2, encoded: false, ...(start && { start }) };
  const reader = createReader(streamSet((wake, signal) => openLiveBlobs(table, live, timing, wake, signal), options));
  const miscounts: string[] = [];
  let asked: Promise<void> | undefined;

  async function next(): Promise<void> {
    const event = await reader.next();
    if (event?.kind !== "bookmark" || !event.complete || limit > 0) return;
    const held = JSON.stringify(totalsOf(reader.blobs.values()));
    if (held !== JSON.stringify(event.selected)) miscounts.push(`${JSON.stringify(event.selected)} of ${held}`);
  }

  async function read(times: number): Promise<void> {
    for (let time = 0; time < times; time += 1) {
      asked ??= next().finally(() => {
        asked = undefined;
      });
      await Promise.race([asked, turns(patience)]);
    }
  }

  return {
    miscounts,
    async apply(step) {
      change(table, step);
      if (step.do === "read" || step.do === "flash") await read(step.times);
      if (step.do === "flash") change(table, { ...step, do: "remove" });
    },
    held: () => stateOf(reader.blobs.values(), reader.bookmark),
    wanted: () => stateOf(select(table, selection, live), totalsIn(table, selection)),
    [Symbol.dispose]: () => left.abort(),
  };
}

/** Do to the table what a step does to it. */
export function change(table: Table, step: Step): void {
  const place = "number" in step ? ([step.in === 0 ? "a" : "b", digestOf(step.number)] as const) : undefined;
  if (step.do === "hold") table.hold();
  if (step.do === "tell") table.tell(step.changes);
  if (step.do === "tell all") table.tell();
  if (place === undefined) return;
  if (step.do === "remove") table.remove(...place);
  if (step.do === "put" || step.do === "flash") {
    table.put(...place, step.number + 1, { tier: step.do === "put" ? step.tier : "gold" });
  }
}

/** The row that a window begins at, whether the table has it or not; absent where there is no window. */
export function startOf(place: Place | undefined, limit: number): BlobRow | undefined {
  if (place === undefined || limit === 0) return undefined;
  const time = new Date(Date.UTC(2026, 0, 1) + place.number * 5000);
  const info = { digest: digestOf(place.number), size: place.number + 1, createdAt: time, updatedAt: time, labels: {} };
  return { namespace: place.in === 0 ? "a" : "b", info };
}

/** The rows of a query, in its order. */
export function select(
  table: Table,
  selection: CompiledSelection,
  { order, limit, start }: { readonly order: Order; readonly limit: number; readonly start?: BlobRow },
): readonly BlobRow[] {
  const compare = compareBy(order);
  const rows = table.rows().filter(selection.selectsBlob).toSorted(compare);
  const behind = rows.filter((row) => start === undefined || compare(row, start) >= 0);
  return limit === 0 ? behind : behind.slice(0, limit);
}

function totalsIn(table: Table, selection: CompiledSelection): Pick<Bookmark, "selected" | "whole"> {
  return {
    selected: totalsOf(table.rows().filter(selection.selectsBlob)),
    whole: totalsOf(table.rows().filter(selection.covers)),
  };
}

function stateOf(rows: Iterable<BlobRow>, totals: Pick<Bookmark, "selected" | "whole"> | undefined): unknown {
  const named = [...rows].map((row) => [`${row.namespace} ${row.info.digest}`, row.info.updatedAt.getTime()] as const);
  return {
    rows: Object.fromEntries(named.toSorted(([a], [b]) => (a < b ? -1 : 1))),
    selected: totals?.selected,
    whole: totals?.whole,
  };
}

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await new Promise(setImmediate);
}
