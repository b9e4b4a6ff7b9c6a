import type { ContentError } from "../../content/errors.ts";
import type { Sample } from "../../content/eta.ts";
import { addSample } from "../../content/eta.ts";
import type { ConnectionEvent, EndedIngest, Ingest, IngestEvent } from "../../content/remote/events.ts";
import { onTick, serverNow } from "./clock.ts";
import type { HeldRow, HeldSet } from "./held-set.ts";
import { createHeldSet } from "./held-set.ts";
import { hereStore, storeHere } from "./here.ts";
import type { IngestRow } from "./ingest-rows.ts";
import { createShownIngests } from "./ingest-rows.ts";
import { ingestKey } from "./keys.ts";
import type { Link } from "./live-sets.ts";
import { createPaced } from "./paced.ts";
import { addWaiting, isPaused, pauseStore } from "./pause.ts";
import { runStream } from "./run-stream.ts";
import type { Store } from "./store.ts";
import { createStore } from "./store.ts";

export type { IngestRow } from "./ingest-rows.ts";
export { ingestKey } from "./keys.ts";

/** An ingest that ended while the page looked. */
export interface EndedRow {
  readonly key: string;
  readonly ended: EndedIngest;
}

/** What a page shows of the ingests. */
export interface IngestsView {
  /** In the order in which they came. */
  readonly rows: readonly IngestRow[];
  /** The last first; those that ended since the page was opened, 200 at most. */
  readonly ended: readonly EndedRow[];
  readonly isComplete: boolean;
  /** Bytes per second of all, oldest first, one each 3 s, of the last minute. */
  readonly rates: readonly number[];
  /** Why the server does not tell. */
  readonly error?: ContentError;
}

/** The ingests of some namespaces, followed. */
export interface LiveIngests extends Store<IngestsView> {
  /** Follow those of the page's store. @param namespaces names, or `["*"]`. @returns a function that ends it */
  show(namespaces: readonly string[]): () => void;
  /** Ask anew after the server refused. */
  retry(): void;
}

const keptEnded = 200;
/** Rates of all ingests that are remembered: one each 3 s. */
export const ratesKept = 20;
const rateEveryMs = 3_000;

/** Numbers are shown so often at most, in milliseconds; what comes, goes or changes its kind is shown sooner. */
const numbersMs = 250;
const soonMs = 50;

/** The ingests that a page follows, one selection of namespaces after another. */
export function createLiveIngests(link: Link): LiveIngests {
  const nothing: IngestsView = { rows: [], ended: [], isComplete: false, rates: [] };
  const store = createStore(nothing);
  hereStore.subscribe(() => store.set(nothing));
  let retry = (): void => undefined;

  function show(namespaces: readonly string[]): () => void {
    const question = { selection: { namespaces }, store: storeHere() };
    const held = createHeldSet<Ingest, EndedIngest>((ingest) => ingestKey(ingest.namespace, ingest.status.ref));
    const history = createHistory();
    const rates = createRates();
    const shown = createShownIngests(history.samplesOf);
    let error: ContentError | undefined;

    function publish(): void {
      if (isPaused() || document.visibilityState === "hidden") return;
      const ended = history.takeIn(held.prune(serverNow()));
      const rows = shown.at(held.rows(), serverNow());
      const view = { rows, ended, isComplete: held.isComplete, rates: rates.at(rows), ...(error && { error }) };
      if (!isSameView(store.get(), view)) store.set(view);
    }
    const paced = createPaced(publish);

    const run = () =>
      runStream<Exclude<IngestEvent, ConnectionEvent>>("Ingests", (...asked) => link.ingests(question, ...asked), {
        apply(events) {
          let isSoon = error !== undefined;
          error = undefined;
          for (const event of events) {
            isSoon ||= isMoreThanNumbers(held, event);
            applyIngestEvent(held, history, event, serverNow());
          }
          addWaiting(events.filter(({ kind }) => kind === "ingests" || kind === "ended").length);
          paced.want(isSoon ? soonMs : numbersMs);
        },
        fail(reason) {
          error = reason;
          publish();
        },
        held: addWaiting,
      });
    let stop = run();
    retry = () => {
      stop();
      error = undefined;
      publish();
      stop = run();
    };
    const unlisten = pauseStore.subscribe(publish);
    const untick = onTick(() => held.rows().length > 0 && publish());
    return () => {
      stop();
      unlisten();
      untick();
      paced.end();
    };
  }

  return { get: store.get, subscribe: store.subscribe, show, retry: () => retry() };
}

function isSameView(before: IngestsView, now: IngestsView): boolean {
  const names = ["rows", "ended", "isComplete", "rates", "error"] as const;
  return names.every((name) => before[name] === now[name]);
}

/** True for an event that does more than move the numbers of rows that are shown. */
function isMoreThanNumbers(held: HeldSet<Ingest, EndedIngest>, event: Exclude<IngestEvent, ConnectionEvent>): boolean {
  if (event.kind === "begin") return false;
  if (event.kind === "bookmark") return event.complete && held.isTold;
  if (event.kind !== "ingests") return true;
  return event.ingests.some(({ namespace, status, state }) => {
    const before = held.row(ingestKey(namespace, status.ref));
    return before === undefined || before.goneAt !== undefined || before.row.state !== state;
  });
}

/** What is remembered of ingests beside their rows. */
export interface IngestHistory {
  /** Where an ingest stood. */
  note(key: string, sample: Sample): void;
  samplesOf(key: string): readonly Sample[];
  /** An ingest ended, and its row is not there to show it. */
  end(ended: EndedIngest): void;
  /** A ref is taken anew: what was before says nothing about it. */
  forget(key: string): void;
  /** Rows that are no longer held join the ended ones. @returns all ended, the last first */
  takeIn(rows: readonly HeldRow<Ingest, EndedIngest>[]): readonly EndedRow[];
}

/** An empty history. */
export function createHistory(): IngestHistory {
  const samples = new Map<string, readonly Sample[]>();
  let ended: readonly EndedRow[] = [];

  function add(end: EndedIngest): void {
    const key = `ended ${ingestKey(end.namespace, end.ref)} ${end.startedAt.getTime()}`;
    if (ended.some((row) => row.key === key)) return;
    const rows = [{ key, ended: end }, ...ended];
    ended = rows.toSorted((a, b) => b.ended.endedAt.getTime() - a.ended.endedAt.getTime()).slice(0, keptEnded);
  }

  return {
    note: (key, sample) => samples.set(key, addSample(samples.get(key) ?? [], sample)),
    samplesOf: (key) => samples.get(key) ?? [],
    end: add,
    forget: (key) => samples.delete(key),
    takeIn(rows) {
      for (const { key, end } of rows) {
        samples.delete(key);
        if (end !== undefined) add(end);
      }
      return ended;
    },
  };
}

/** What an event does to the rows that are held and to the history. */
export function applyIngestEvent(
  held: HeldSet<Ingest, EndedIngest>,
  history: IngestHistory,
  event: Exclude<IngestEvent, ConnectionEvent>,
  nowMs: number,
): void {
  switch (event.kind) {
    case "begin":
      return held.begin();
    case "ingests":
      for (const { namespace, status } of event.ingests) {
        const key = ingestKey(namespace, status.ref);
        const before = held.row(key);
        if (before?.end !== undefined) history.end(before.end);
        if (before?.goneAt !== undefined) history.forget(key);
        history.note(key, { atMs: nowMs, offset: status.offset });
      }
      return held.put(event.ingests, nowMs);
    case "left":
      return held.drop(ingestKey(event.namespace, event.ref));
    case "ended": {
      const key = ingestKey(event.ended.namespace, event.ended.ref);
      if (held.row(key) === undefined) history.end(event.ended);
      else held.remove(key, nowMs, event.ended);
      return;
    }
    case "bookmark":
      if (event.complete) held.complete(nowMs);
  }
}

/** The rate of all ingests, noted each 3 s. */
function createRates(): { at(rows: readonly IngestRow[]): readonly number[] } {
  let rates: readonly number[] = [];
  let notedAt = 0;
  return {
    at(rows) {
      const now = Date.now();
      if (now - notedAt < rateEveryMs) return rates;
      notedAt = now;
      rates = [...rates, totalRate(rows)].slice(-ratesKept);
      return rates;
    },
  };
}

/** Bytes per second of all rows that are not gone. */
export function totalRate(rows: readonly IngestRow[]): number {
  return rows.reduce((sum, { row, goneAt }) => sum + (goneAt === undefined ? row.rateBytesPerSecond : 0), 0);
}
