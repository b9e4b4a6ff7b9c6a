import type { HubLink } from "../../../app/_live/hub.ts";
import type { LiveEvent } from "../../../app/_live/hub-messages.ts";
import type { BlobEvent, IngestEvent, Selection } from "../../../content/remote/events.ts";

/** A stream that a hub opened. */
export interface Opened {
  readonly of: "blobs" | "ingests";
  readonly selection: Selection | undefined;
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
  ): AsyncGenerator<Event> {
    const queue: (LiveEvent | Error)[] = [];
    let wake = (): void => undefined;
    const add = (...events: readonly (LiveEvent | Error)[]) => {
      queue.push(...events);
      wake();
    };
    opened.push({ of, selection, signal, send: add, fail: add });
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
    ingests: ({ selection }, signal) => open<IngestEvent>("ingests", selection, signal),
    retry: () => (retries += 1),
  };
}
