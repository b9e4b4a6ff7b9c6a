import { ContentError } from "../../content/errors.ts";
import type { ConnectionEvent } from "../../content/remote/events.ts";
import type { SentError } from "./hub-messages.ts";
import type { LiveEvent, ToldEvent } from "./live-event.ts";
import type { Outbox, OutboxLimits } from "./outbox.ts";
import { createOutbox } from "./outbox.ts";
import { createSharedSet } from "./shared-set.ts";

/** One live set, followed once for all who want it. */
export interface FollowedSet {
  /** Follow it from here; an earlier source ends. */
  run(open: (signal: AbortSignal) => AsyncIterable<LiveEvent>): void;
  /** Somebody wants it: all that is known goes out at once, then what changes. */
  join(reader: Reader): Place;
  isWanted(): boolean;
  end(): void;
}

/** Who wants a set. */
export interface Reader {
  readonly post: (events: readonly ToldEvent[]) => void;
  /** The server refuses; the reader has left. */
  readonly fail: (error: SentError) => void;
  /** It took nothing for too long, and is to leave. */
  readonly giveUp: () => void;
}

/** What a reader has of a set. */
export interface Place {
  /** The last events that were posted are dealt with. */
  taken(): void;
  /** Tell it no rows until it is said otherwise. */
  hold(isHeld: boolean): void;
  leave(): void;
}

/** What a set tells of itself. */
export interface FollowedEnds {
  /** A connection that was lost is live again. */
  readonly reconnected: () => void;
  /** The server refuses: nobody wants the set any longer. */
  readonly failed: () => void;
}

/** A set that is not followed yet. */
export function createFollowedSet({ reconnected, failed }: FollowedEnds, limits: OutboxLimits): FollowedSet {
  const set = createSharedSet();
  const readers = new Map<Reader, Outbox>();
  let end = new AbortController();
  let isLost = false;

  function take(event: LiveEvent): void {
    set.take(event);
    for (const outbox of readers.values()) outbox.add(event);
    if (event.kind === "connection") noteLoss(event);
  }

  function noteLoss({ state }: ConnectionEvent): void {
    if (isLost && state === "live") reconnected();
    if (state !== "connecting") isLost = state === "waiting";
  }

  function fail(error: SentError): void {
    const left = [...readers.keys()];
    for (const reader of left) leave(reader);
    for (const reader of left) reader.fail(error);
    failed();
  }

  function leave(reader: Reader): void {
    readers.get(reader)?.close();
    readers.delete(reader);
  }

  async function follow(events: AsyncIterable<LiveEvent>, signal: AbortSignal): Promise<void> {
    try {
      for await (const event of events) {
        if (signal.aborted) return;
        take(event);
      }
    } catch (error) {
      if (!signal.aborted) fail(sentError(error));
    }
  }

  return {
    run(open) {
      end.abort();
      end = new AbortController();
      void follow(open(end.signal), end.signal);
    },
    join(reader) {
      const outbox = createOutbox({ post: reader.post, all: set.all, giveUp: reader.giveUp }, limits);
      readers.set(reader, outbox);
      outbox.addAll();
      return { taken: outbox.taken, hold: outbox.hold, leave: () => leave(reader) };
    },
    isWanted: () => readers.size > 0,
    end: () => end.abort(),
  };
}

function sentError(error: unknown): SentError {
  if (!(error instanceof ContentError)) return { kind: "internal", message: String(error), facts: {} };
  const { kind, message, facts } = error;
  return { kind, message, facts };
}
