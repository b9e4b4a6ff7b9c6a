import { onTestFinished } from "vitest";
import type { IngestOutcome, IngestRow } from "../../../server/feed/change.ts";
import { createRateMeter } from "../../../server/feed/rate.ts";
import type { Watch } from "../../../server/feed/watch.ts";
import { watchIngests } from "../../../server/feed/watch-ingests.ts";
import { createReader, quick } from "./reader.ts";
import type { Table } from "./table.ts";

const everything: Watch = { selection: {}, namespace: "a", follow: true, minIntervalMs: 100 };

/**
 * Follow the ingests of a table as a reader that ends with the test.
 *
 * @param watch what differs from a watch of all ingests of the namespace `a`
 */
export function openIngestWatch(table: Table, watch: Partial<Watch> = {}, timing: Partial<typeof quick> = {}) {
  const left = new AbortController();
  const stopping = new AbortController();
  onTestFinished(() => left.abort());
  const used = { ...quick, tickMs: 20, ...timing };
  const options = { timing: used, stopping: stopping.signal, signal: left.signal };
  const stream = watchIngests(table, createRateMeter(table.feed, used), { ...everything, ...watch }, options);
  return Object.assign(createReader(stream), { stream, left, stopping });
}

/** An ingest that somebody writes. */
export function ingest(ref: string, offset = 0, more: Partial<IngestRow> = {}): IngestRow {
  const now = new Date();
  return {
    namespace: "a",
    status: { ref, offset, total: 0, startedAt: now, updatedAt: now },
    lockedAt: now,
    holder: "grpc-go/1.33.3 · unix socket",
    lastError: "",
    ...more,
  };
}

/**
 * Write an ingest on and on, until the test ends or it is stopped: on a busy machine a single byte may be told so late that it has
 * stalled again.
 *
 * @param step bytes of each write
 * @returns stops it
 */
export function keepWriting(table: Table, ref: string, step = 1): () => void {
  let offset = 1;
  const write = (): void => table.putIngest(ingest(ref, (offset += step)));
  write();
  const writing = setInterval(write, 20);
  const stop = (): void => clearInterval(writing);
  onTestFinished(stop);
  return stop;
}

/** How an ingest ended. */
export function outcome(how: IngestOutcome["outcome"], more: Partial<IngestOutcome> = {}): IngestOutcome {
  return { outcome: how, size: 7, by: "", endedAt: new Date(), ...more };
}
