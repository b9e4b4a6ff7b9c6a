import { expect } from "vitest";
import type { EndedIngest, Ingest } from "../../../content/remote/events.ts";
import type { BlobRow } from "../../../server/feed/change.ts";
import type { BlobEvent, Bookmark, Frame, IngestEvent } from "../../../server/feed/events.ts";
import type { FeedTiming } from "../../../server/feed/timing.ts";
import { feedTiming } from "../../../server/feed/timing.ts";
import { totalsOf } from "./table.ts";

/** Short enough for a test that waits for the next bookmark. */
export const quick: FeedTiming = { ...feedTiming, heartbeatMs: 40, countsMs: 1, settleMs: 60_000 };

type AnyEvent = BlobEvent | IngestEvent | Frame;

/** Reads a stream as a page does: what it holds is what it was told. */
export function createReader<Event extends AnyEvent>(stream: AsyncGenerator<Event, void, undefined>) {
  const blobs = new Map<string, BlobRow>();
  const ingests = new Map<string, Ingest>();
  const ended: EndedIngest[] = [];
  const kinds: string[] = [];
  let bookmark: Bookmark | undefined;

  function take(event: AnyEvent): void {
    kinds.push(event.kind);
    switch (event.kind) {
      case "begin":
        blobs.clear();
        ingests.clear();
        break;
      case "blobs":
        for (const row of event.rows) blobs.set(`${row.namespace} ${row.info.digest}`, row);
        break;
      case "removed":
        blobs.delete(`${event.namespace} ${event.digest}`);
        break;
      case "ingests":
        for (const ingest of event.ingests) ingests.set(`${ingest.namespace} ${ingest.status.ref}`, ingest);
        break;
      case "left":
        ingests.delete(`${event.namespace} ${event.ref}`);
        break;
      case "ended":
        ended.push(event.ended);
        ingests.delete(`${event.ended.namespace} ${event.ended.ref}`);
        break;
      case "bookmark":
        bookmark = event;
        break;
    }
  }

  async function next(): Promise<Event | undefined> {
    const result = await stream.next();
    if (result.done === true) return undefined;
    take(result.value);
    return result.value;
  }

  /** Reads on until an event fits; fails when the stream ends before. */
  async function until(fits: (event: Event) => boolean): Promise<Event> {
    for (;;) {
      const event = await next();
      if (event === undefined) throw new Error(`the stream ended after ${kinds.slice(-20).join(", ")}`);
      if (fits(event)) return event;
    }
  }

  return {
    blobs,
    ingests,
    ended,
    kinds,
    next,
    until,
    get bookmark() {
      return bookmark;
    },
    /** Reads on until the first set is there. */
    complete: () => until((event) => event.kind === "bookmark" && event.complete),
    /** The held rows in the order of their arrival. */
    rows: () => [...blobs.values()],
    /** Fails unless the last bookmark counts exactly what is held. */
    expectExact() {
      expect(bookmark?.selected).toEqual(totalsOf(blobs.values()));
    },
  };
}
