import type { CatalogEvent } from "../../../app/_live/catalog-events.ts";
import type { HubLink } from "../../../app/_live/hub.ts";
import type { LiveEvent, Question } from "../../../app/_live/hub-messages.ts";
import type { BlobEvent, IngestEvent, Selection } from "../../../content/remote/events.ts";

/** A stream that a hub opened. */
export interface Opened {
  readonly of: Question["of"];
  readonly selection: Selection | undefined;
  /** Of a stream of ingests. */
  readonly minIntervalMs?: number | undefined;
  readonly signal: AbortSignal;
  send(...events: readonly LiveEvent[]): void;
  fail(error: Error): void;
}

/** A server whose streams the test writes, each on its own. */
export interface TestServer extends HubLink {
  /** In the order of their opening. */
  readonly opened: readonly Opened[];
  /** Those that nobody ended. */
  running(): readonly Opened[];
  readonly retries: number;
}

export function createTestServer(): TestServer {
  const opened: Opened[] = [];
  let retries = 0;

  async function* open<Event>(
    of: Opened["of"],
    selection: Selection | undefined,
    signal: AbortSignal,
    minIntervalMs?: number,
  ): AsyncGenerator<Event> {
    const queue: (LiveEvent | Error)[] = [];
    let wake = (): void => undefined;
    const add = (...events: readonly (LiveEvent | Error)[]) => {
      queue.push(...events);
      wake();
    };
    opened.push({ of, selection, minIntervalMs, signal, send: add, fail: add });
    signal.addEventListener("abort", () => wake());
    while (!signal.aborted) {
      const next = queue.shift();
      if (next instanceof Error) throw next;
      if (next !== undefined) yield next as Event;
      else await new Promise<void>((resolve) => (wake = resolve));
    }
  }

  return {
    opened,
    running: () => opened.filter(({ signal }) => !signal.aborted),
    get retries() {
      return retries;
    },
    blobs: ({ selection }, signal) => open<BlobEvent>("blobs", selection, signal),
    ingests: ({ selection, minIntervalMs }, signal) => open<IngestEvent>("ingests", selection, signal, minIntervalMs),
    catalog: (of, { selection }, signal) => open<CatalogEvent>(of, selection, signal),
    retry: () => (retries += 1),
  };
}
