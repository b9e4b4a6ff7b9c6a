import type { Transport } from "@connectrpc/connect";
import { isKind } from "../errors.ts";
import { compileIngestQuery, parseQuery } from "../query.ts";
import { compileRegexp } from "../regexp.ts";
import type { Info, Status } from "../store.ts";
import type { ConnectionEvent, EndedIngest, Ingest, IngestEvent } from "./events.ts";
import type { FollowOptions, FollowTiming } from "./follow-options.ts";
import type { PolledNamespace } from "./polled-scope.ts";
import { polledNamespaces } from "./polled-scope.ts";
import type { Source } from "./reconnect.ts";
import { sleep } from "./sleep.ts";

/** A row as of the last look, with the namespace to ask about it. */
interface Seen {
  readonly ingest: Ingest;
  readonly from: PolledNamespace;
  /** False: it is not what the query asks for. */
  readonly selected: boolean;
}

/**
 * The ingests of a selection on a server without ContentService: Content.ListStatuses, asked again and again.
 *
 * What came and went between two looks is never told of. An ingest that is gone is `committed` when the digest that it
 * declared is stored, otherwise `unknown`. The rate is the mean since the last look.
 */
export function polledIngests(
  transport: Transport,
  options: FollowOptions,
  timing: FollowTiming,
): Source<Exclude<IngestEvent, ConnectionEvent>> {
  const everyMs = Math.max(timing.ingestPollMs, options.minIntervalMs ?? 0);
  return async function* poll(signal) {
    let seen = new Map<string, Seen>();
    for (let look = 0; !signal.aborted; look += 1) {
      const patience = AbortSignal.timeout(timing.firstMessageMs);
      const now = await readIngests(transport, options, seen, AbortSignal.any([signal, patience]));
      if (look === 0) yield { kind: "begin", source: "polled", heartbeatMs: everyMs };
      yield* lost(seen, now, signal);
      const ingests = changed(seen, now);
      if (ingests.length > 0) yield { kind: "ingests", ingests };
      yield { kind: "bookmark", serverTime: new Date(), ...totalsOf(now), complete: true };
      seen = now;
      await sleep(everyMs, signal);
    }
  };
}

/** What is not in the set any more. */
async function* lost(
  seen: ReadonlyMap<string, Seen>,
  now: ReadonlyMap<string, Seen>,
  signal: AbortSignal,
): AsyncGenerator<Exclude<IngestEvent, ConnectionEvent>, void, undefined> {
  for (const [key, { ingest, from, selected }] of seen) {
    if (!selected) continue;
    const after = now.get(key);
    if (!isSame(ingest, after?.ingest)) yield { kind: "ended", ended: await endOf(ingest, from, signal) };
    else if (!after?.selected) yield { kind: "left", namespace: ingest.namespace, ref: ingest.status.ref };
  }
}

/** What is new in the set, or not as it was. */
function changed(seen: ReadonlyMap<string, Seen>, now: ReadonlyMap<string, Seen>): readonly Ingest[] {
  return [...now].flatMap(([key, { ingest, selected }]) => {
    const before = seen.get(key);
    return selected && hasMoved(before?.selected ? before.ingest : undefined, ingest) ? [ingest] : [];
  });
}

function totalsOf(now: ReadonlyMap<string, Seen>) {
  let count = 0;
  let bytes = 0;
  for (const { ingest, selected } of now.values()) {
    if (!selected) continue;
    count += 1;
    bytes += ingest.status.offset;
  }
  return { count, bytes, wholeCount: count, wholeBytes: bytes };
}

async function readIngests(
  transport: Transport,
  options: FollowOptions,
  seen: ReadonlyMap<string, Seen>,
  signal: AbortSignal,
): Promise<Map<string, Seen>> {
  const { filters, regexp = "", query = "" } = options.selection ?? {};
  const matches = compileRegexp(regexp);
  const meets = compileIngestQuery(parseQuery(query, "ingests", compileRegexp), new Date(), compileRegexp);
  const now = new Map<string, Seen>();
  for (const from of await polledNamespaces(transport, options, signal)) {
    for await (const status of from.store.listStatuses(filters, signal)) {
      if (!matches(status.ref)) continue;
      const key = JSON.stringify([from.namespace, status.ref]);
      const ingest = ingestOf(from.namespace, status, seen.get(key)?.ingest);
      now.set(key, { ingest, from, selected: meets(ingest) });
    }
  }
  return now;
}

function ingestOf(namespace: string, status: Status, before: Ingest | undefined): Ingest {
  return {
    namespace,
    status,
    state: "unknown",
    holder: "",
    rateBytesPerSecond: before === undefined ? 0 : rate(before.status, status),
    lastError: "",
  };
}

/** By the server's clock: the times are those at which bytes arrived. */
function rate(before: Status, now: Status): number {
  const seconds = (now.updatedAt.getTime() - before.updatedAt.getTime()) / 1000;
  return seconds > 0 ? Math.max(0, now.offset - before.offset) / seconds : 0;
}

/** The same ingest still: one that started over under its ref is another. */
function isSame(before: Ingest, now: Ingest | undefined): boolean {
  return now !== undefined && now.status.startedAt.getTime() === before.status.startedAt.getTime();
}

function hasMoved(before: Ingest | undefined, now: Ingest): boolean {
  if (before === undefined || !isSame(before, now)) return true;
  return (
    before.status.offset !== now.status.offset ||
    before.status.total !== now.status.total ||
    before.status.expected !== now.status.expected ||
    before.status.updatedAt.getTime() !== now.status.updatedAt.getTime() ||
    before.rateBytesPerSecond !== now.rateBytesPerSecond
  );
}

async function endOf(ingest: Ingest, from: PolledNamespace, signal: AbortSignal): Promise<EndedIngest> {
  const { ref, offset, expected, startedAt } = ingest.status;
  const blob = expected && (await infoIfStored(from, expected, signal));
  const ended = { namespace: ingest.namespace, ref, by: "", startedAt, endedAt: new Date() };
  if (blob) return { ...ended, outcome: "committed", digest: blob.digest, size: blob.size };
  return { ...ended, outcome: "unknown", size: offset };
}

async function infoIfStored(
  from: PolledNamespace,
  digest: Info["digest"],
  signal: AbortSignal,
): Promise<Info | undefined> {
  try {
    return await from.store.info(digest, signal);
  } catch (error) {
    if (isKind(error, "not-found")) return undefined;
    throw error;
  }
}
