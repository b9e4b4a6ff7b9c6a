import type { CatalogEvent } from "../../../app/_live/catalog-events.ts";
import type { HubLink } from "../../../app/_live/hub.ts";
import type { Question } from "../../../app/_live/hub-messages.ts";
import type { LiveEvent } from "../../../app/_live/live-event.ts";
import type { BlobEvent, IngestEvent, Selection } from "../../../content/remote/events.ts";

/** A stream that a hub opened. */
export interface Opened {
  readonly of: Question["of"];
  /** Empty: the default one. */
  readonly store: string;
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
    { store = "", selection }: Pick<Question, "store" | "selection">,
    signal: AbortSignal,
    minIntervalMs?: number,
  ): AsyncGenerator<Event> {
    const queue: (LiveEvent | Error)[] = [];
    let wake = (): void => undefined;
    const add = (...events: readonly (LiveEvent | Error)[]) => {
      queue.push(...events);
      wake();
    };
    opened.push({ of, store, selection, minIntervalMs, signal, send: add, fail: add });
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
    blobs: (question, signal) => open<BlobEvent>("blobs", question, signal),
    ingests: (question, signal) => open<IngestEvent>("ingests", question, signal, question.minIntervalMs),
    catalog: (of, question, signal) => open<CatalogEvent>(of, question, signal),
    retry: () => (retries += 1),
  };
}
