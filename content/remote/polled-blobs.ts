import type { Transport } from "@connectrpc/connect";
import type { Digest } from "../digest.ts";
import { compareBy, parseOrder } from "../order.ts";
import { compileBlobQuery, parseQuery } from "../query.ts";
import { compileRegexp } from "../regexp.ts";
import { parseRowKey } from "../row-key.ts";
import type { Info } from "../store.ts";
import type { Blob, BlobEvent, ConnectionEvent } from "./events.ts";
import type { BlobFollowOptions, FollowTiming } from "./follow-options.ts";
import { polledNamespaces } from "./polled-scope.ts";
import type { Source } from "./reconnect.ts";
import { untilSilent } from "./silence.ts";
import { sleep } from "./sleep.ts";

/** Rows of one event at most, as in a message of a stream. */
const batchRows = 500;

/** What one look at the server found. */
interface Look {
  /** The rows of the window, in order. */
  readonly window: ReadonlyMap<string, Blob>;
  /** Rows of the last window that are still stored, in this window or not. */
  readonly kept: ReadonlySet<string>;
  readonly count: number;
  readonly bytes: number;
}

/**
 * The blobs of a selection on a server without ContentService: Content.List, asked again and again. The list is read as
 * it comes, and only the rows of the window are kept.
 *
 * `leftSelection` is told of a row that the server still lists; one that no longer matches a filter is told as gone.
 */
export function polledBlobs(
  transport: Transport,
  options: BlobFollowOptions,
  timing: FollowTiming,
): Source<Exclude<BlobEvent, ConnectionEvent>> {
  const everyMs = Math.max(timing.blobPollMs, options.minIntervalMs ?? 0);
  return async function* poll(signal) {
    let before: ReadonlyMap<string, Blob> = new Map();
    for (let first = true; !signal.aborted; first = false) {
      const { window, kept, count, bytes } = await look(transport, options, before, timing.firstMessageMs, signal);
      if (first) yield { kind: "begin", source: "polled", heartbeatMs: everyMs };
      for (const [key, { namespace, info }] of before) {
        if (window.has(key)) continue;
        yield { kind: "removed", namespace, digest: info.digest, leftSelection: kept.has(key) };
      }
      const changed = [...window].flatMap(([key, blob]) => (isSame(before.get(key)?.info, blob.info) ? [] : [blob]));
      for (let at = 0; at < changed.length; at += batchRows) {
        yield { kind: "blobs", blobs: changed.slice(at, at + batchRows) };
      }
      const totals = { count, bytes, wholeCount: count, wholeBytes: bytes };
      yield { kind: "bookmark", serverTime: new Date(), ...totals, complete: true };
      before = window;
      await sleep(everyMs, signal);
    }
  };
}

/** @param patienceMs without a word from the server, and it is given up */
async function look(
  transport: Transport,
  options: BlobFollowOptions,
  before: ReadonlyMap<string, Blob>,
  patienceMs: number,
  signal: AbortSignal,
): Promise<Look> {
  const { selection: { filters, regexp = "", query = "" } = {}, orderBy = "", limit = 0, startAt = "" } = options;
  const order = parseOrder(orderBy);
  const compare = compareBy(order);
  const start = startAt === "" ? undefined : parseRowKey(order, startAt);
  const rows = createWindow(compare, limit);
  const matches = compileRegexp(regexp);
  const meets = compileBlobQuery(parseQuery(query, "blobs", compileRegexp), new Date(), compileRegexp);
  const patience = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]);
  const namespaces = await polledNamespaces(transport, options, patience);
  // One namespace lists a digest once, so that only several need to remember which were counted.
  const counted = namespaces.length > 1 ? new Set<Digest>() : undefined;
  const kept = new Set<string>();
  let count = 0;
  let bytes = 0;
  for (const { namespace, store } of namespaces) {
    for await (const info of untilSilent((both) => store.walk(filters, both), patienceMs, signal)) {
      const blob = { namespace, info };
      const key = keyOf(blob);
      if (before.has(key)) kept.add(key);
      if (!textsOf(info).some(matches) || !meets(blob)) continue;
      count += 1;
      if (!counted?.has(info.digest)) bytes += info.size;
      counted?.add(info.digest);
      if (start === undefined || compare(blob, start) >= 0) rows.offer(blob);
    }
  }
  return { window: new Map(rows.sorted().map((blob) => [keyOf(blob), blob])), kept, count, bytes };
}

/** Keeps the first `limit` of the rows that it is offered; all of them when it is 0. */
function createWindow(compare: (a: Blob, b: Blob) => number, limit: number) {
  const rows: Blob[] = [];
  const spare = 1_000;

  function cut(): void {
    rows.sort(compare);
    if (limit > 0) rows.length = Math.min(rows.length, limit);
  }

  return {
    offer(blob: Blob): void {
      rows.push(blob);
      // Sorting now and then costs less than keeping the rows in order.
      if (limit > 0 && rows.length >= limit + spare) cut();
    },
    sorted(): readonly Blob[] {
      cut();
      return rows;
    },
  };
}

function keyOf({ namespace, info }: Blob): string {
  return `${namespace} ${info.digest}`;
}

/** What a regular expression is searched in. */
function textsOf({ digest, labels }: Info): readonly string[] {
  return [digest, ...Object.entries(labels).map(([key, value]) => `${key}=${value}`)];
}

function isSame(before: Info | undefined, now: Info): boolean {
  if (before === undefined) return false;
  const keys = Object.keys(now.labels);
  return (
    before.size === now.size &&
    before.createdAt.getTime() === now.createdAt.getTime() &&
    before.updatedAt.getTime() === now.updatedAt.getTime() &&
    keys.length === Object.keys(before.labels).length &&
    keys.every((key) => before.labels[key] === now.labels[key])
  );
}
