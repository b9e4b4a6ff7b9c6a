import { ContentError } from "../../content/errors.ts";
import { now } from "../clock.ts";
import type { Event, EventMessages, EventTopic, ForeignEvent, OwnEvent } from "./event.ts";
import type { BacklogLimits, Subscription } from "./subscription.ts";
import { createSubscription } from "./subscription.ts";

/** Tells of events until it is ended. @returns ends it */
export type EventSource = (events: Pick<Events, "publish">) => () => void;

/**
 * Events for whoever subscribes, in the order in which they are published; nothing is kept for later.
 *
 * It never holds a publisher up: a subscriber that does not keep up loses its subscription.
 */
export interface Events {
  /**
   * Tell of what this server did, once that is committed.
   *
   * @param namespace where it happened; of a namespace itself: its name
   */
  publish<T extends EventTopic>(namespace: string, topic: T, message: EventMessages[T]): void;
  /** Pass on what a client published. */
  forward(event: ForeignEvent): void;
  /**
   * Hear of events from now on; dispose of it on every path.
   *
   * @param passes which ones; it must be quick and must not throw
   */
  subscribe(passes: (event: Event) => boolean): Subscription;
  /** Let a source run while anybody subscribes. */
  addSource(source: EventSource): void;
}

/** What a server uses: 1,000 events, and 4 MiB of what clients published. */
const backlogLimits: BacklogLimits = { events: 1000, bytes: 4 * 1024 * 1024 };

export interface EventsOptions {
  /** Ends every subscription with `unavailable` when it aborts. */
  readonly stopping: AbortSignal;
  /** How far a subscriber may fall behind; absent: what a server uses. */
  readonly limits?: BacklogLimits;
}

/** A bus in memory. */
export function createEvents({ stopping, limits = backlogLimits }: EventsOptions): Events {
  const subscribers = new Map<Subscription, (event: Event) => boolean>();
  const sources: EventSource[] = [];
  let running: (() => void)[] | undefined;

  function tell(event: Event): void {
    for (const [subscription, passes] of subscribers) if (passes(event)) subscription.push(event);
  }

  /** Sources run exactly while there are subscribers. */
  function adjustSources(): void {
    if (subscribers.size > 0) {
      running ??= sources.map((source) => source(events));
      return;
    }
    for (const stop of running ?? []) stop();
    running = undefined;
  }

  const events: Events = {
    publish(namespace, topic, message) {
      if (subscribers.size > 0) tell({ kind: "own", timestamp: now(), namespace, topic, message } as OwnEvent);
    },
    forward: tell,
    subscribe(passes) {
      const subscription = createSubscription(limits, () => {
        subscribers.delete(subscription);
        adjustSources();
      });
      subscribers.set(subscription, passes);
      adjustSources();
      if (stopping.aborted) subscription.fail(stopped());
      return subscription;
    },
    addSource(source) {
      sources.push(source);
      running?.push(source(events));
    },
  };
  stopping.addEventListener("abort", () => {
    for (const subscription of [...subscribers.keys()]) subscription.fail(stopped());
  });
  return events;
}

function stopped(): ContentError {
  return new ContentError("unavailable", "the server stops");
}
