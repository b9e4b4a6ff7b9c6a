import { parseOrder } from "../../../content/order.ts";
import type { BlobRow } from "../../../server/feed/change.ts";
import { createChangeLog } from "../../../server/feed/change-log.ts";
import type { BlobEvent, Bookmark, Frame } from "../../../server/feed/events.ts";
import { openLiveBlobs } from "../../../server/feed/live-blobs.ts";
import { streamSet } from "../../../server/feed/live-set.ts";
import { openResumption } from "../../../server/feed/resume.ts";
import { compileSelection } from "../../../server/feed/selection.ts";
import { parseToken } from "../../../server/feed/token.ts";
import type { Query, Step } from "./model.ts";
import { change, select, startOf } from "./model.ts";
import { quick } from "./reader.ts";
import type { Table } from "./table.ts";
import { createTable, totalsOf } from "./table.ts";

/** What happens besides: the stream is cut, or the server starts anew; the reader keeps its rows and its token. */
export type ResumeStep = Step | { readonly do: "cut" } | { readonly do: "restart" };

/** What the table's rows are and were: by sequence, when each row was last changed. */
type Versions = ReadonlyMap<string, number>;

/** Changes that the feed's log holds. */
const logEntries = 12;

/** Turns of the event loop that a read is waited for. */
const patience = 10;

/** A reader that comes back with its token, of a table that starts anew. Its faults say what was wrong at a bookmark. */
export function openResumeModel({ limit, orderBy, startAt, ...query }: Query) {
  const order = parseOrder(orderBy);
  const selection = compileSelection(query, undefined);
  const start = startOf(startAt, limit);
  const timing = { ...quick, heartbeatMs: 5, settleMs: 60_000, ...query.timing };
  const held = new Map<string, BlobRow>();
  const faults: string[] = [];
  const tally = { resumed: 0, begun: 0, bookmarks: 0 };
  let table = newTable([]);
  let history: Versions[] = [versionsOf(table.rows())];
  let token = "";
  let bookmark: Bookmark | undefined;
  let stream: { readonly left: AbortController; readonly events: AsyncGenerator<BlobEvent | Frame, void> } | undefined;
  let asked: Promise<void> | undefined;

  function newTable(rows: readonly BlobRow[]): Table {
    return createTable(rows, createChangeLog({ ageMs: 60_000, entries: logEntries, bytes: 1e9 }));
  }

  function open() {
    const left = new AbortController();
    const chosen = { limit, orderBy, startAt, query };
    const resumption = openResumption(table.feed, { chosen, identity: "", token });
    const options = { follow: true, timing, stopping: new AbortController().signal, signal: left.signal, resumption };
    const live = { selection, order, limit, minIntervalMs: 2, encoded: false, ...(start && { start }) };
    const from = table;
    from.scanRows = timing.pageRows;
    if (token !== "") tally.resumed += 1;
    return { left, events: streamSet((wake, signal) => openLiveBlobs(from, live, timing, wake, signal), options) };
  }

  function take(event: BlobEvent | Frame): void {
    if (event.kind === "begin") {
      if (token !== "") tally.resumed -= 1;
      tally.begun += 1;
      held.clear();
      token = "";
    }
    if (event.kind === "blobs") for (const row of event.rows) held.set(keyOf(row), row);
    if (event.kind === "removed") held.delete(`${event.namespace} ${event.digest}`);
    if (event.kind !== "bookmark" || !event.complete) return;
    token = event.token || token;
    bookmark = event;
    tally.bookmarks += 1;
    if (limit === 0) check(event);
  }

  /** Every row is as it was at the bookmark's number or later, and the counts are those of what is held. */
  function check({ selected }: Bookmark): void {
    const counted = JSON.stringify(totalsOf(held.values()));
    if (counted !== JSON.stringify(selected)) faults.push(`${JSON.stringify(selected)} of ${counted}`);
    const since = history.slice(parseToken(token)?.sequence ?? 0);
    for (const key of new Set([...held.keys(), ...since.flatMap((versions) => [...versions.keys()])])) {
      const has = held.get(key)?.info.updatedAt.getTime();
      if (!since.some((versions) => versions.get(key) === has)) faults.push(`${key} is ${has}, of an older time`);
    }
  }

  async function next(): Promise<void> {
    stream ??= open();
    const current = stream;
    const result = await current.events.next();
    if (result.done !== true && stream === current) take(result.value);
  }

  async function read(times: number): Promise<void> {
    for (let time = 0; time < times; time += 1) {
      asked ??= next().finally(() => {
        asked = undefined;
      });
      await Promise.race([asked, turns()]);
    }
  }

  async function cut(): Promise<void> {
    stream?.left.abort();
    stream = undefined;
    await asked;
  }

  function versionsOf(rows: readonly BlobRow[]): Versions {
    return new Map(rows.filter(selection.selectsBlob).map((row) => [keyOf(row), row.info.updatedAt.getTime()]));
  }

  function act(step: Step): void {
    change(table, step);
    while (history.length <= table.feed.sequence) history.push(versionsOf(table.rows()));
  }

  return {
    faults,
    tally,
    async apply(step: ResumeStep): Promise<void> {
      if (step.do === "cut") return await cut();
      if (step.do === "restart") {
        await cut();
        table = newTable(table.rows());
        history = [versionsOf(table.rows())];
        return;
      }
      act(step);
      if (step.do === "read" || step.do === "flash") await read(step.times);
      if (step.do === "flash") act({ ...step, do: "remove" });
    },
    held: () => stateOf(held.values(), bookmark),
    wanted() {
      const whole = totalsOf(table.rows().filter(selection.covers));
      const selected = totalsOf(table.rows().filter(selection.selectsBlob));
      return stateOf(select(table, selection, { order, limit, ...(start && { start }) }), { selected, whole });
    },
    /** What is still open of the table. */
    open: () => [table.openViews, table.feed.watched],
    [Symbol.asyncDispose]: cut,
  };
}

function keyOf({ namespace, info }: BlobRow): string {
  return `${namespace} ${info.digest}`;
}

function stateOf(rows: Iterable<BlobRow>, totals: Pick<Bookmark, "selected" | "whole"> | undefined): unknown {
  const named = [...rows].map((row) => [keyOf(row), row.info.updatedAt.getTime()] as const);
  return {
    rows: Object.fromEntries(named.toSorted(([a], [b]) => (a < b ? -1 : 1))),
    selected: totals?.selected,
    whole: totals?.whole,
  };
}

async function turns(): Promise<void> {
  for (let turn = 0; turn < patience; turn += 1) await new Promise(setImmediate);
}
