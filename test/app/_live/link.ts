import type { CatalogEvent } from "../../../app/_live/catalog-events.ts";
import type { LiveEvent } from "../../../app/_live/live-event.ts";
import type { Link } from "../../../app/_live/live-sets.ts";
import type { BlobEvent, IngestEvent } from "../../../content/remote/events.ts";
import type { BlobFollowOptions, FollowOptions } from "../../../content/remote/follow-options.ts";

/** A link whose server is the test: what it sends comes out of the last stream that was opened. */
export interface TestLink extends Link {
  /** What each stream asked for, in the order of their opening. */
  readonly asked: readonly (BlobFollowOptions | FollowOptions)[];
  send(...events: readonly LiveEvent[]): void;
  fail(error: Error): void;
}

export function createTestLink(): TestLink {
  const asked: (BlobFollowOptions | FollowOptions)[] = [];
  let queue: (LiveEvent | Error)[] = [];
  let wake = (): void => undefined;

  async function* open<Event>(options: BlobFollowOptions | FollowOptions, signal: AbortSignal): AsyncGenerator<Event> {
    asked.push(options);
    const own: typeof queue = [];
    queue = own;
    signal.addEventListener("abort", () => wake());
    while (!signal.aborted) {
      const next = own.shift();
      if (next instanceof Error) throw next;
      if (next !== undefined) yield next as Event;
      else await new Promise<void>((resolve) => (wake = resolve));
    }
  }

  return {
    asked,
    blobs: (options, signal) => open<BlobEvent>(options, signal),
    ingests: (options, signal) => open<IngestEvent>(options, signal),
    catalog: (_, options, signal) => open<CatalogEvent>(options, signal),
    send(...events) {
      queue.push(...events);
      wake();
    },
    fail(error) {
      queue.push(error);
      wake();
    },
  };
}
