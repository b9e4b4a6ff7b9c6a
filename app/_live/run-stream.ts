import { ContentError, isKind } from "../../content/errors.ts";
import type { BeginEvent, BookmarkEvent, ConnectionEvent } from "../../content/remote/events.ts";
import { hearServerTime } from "./clock.ts";
import { forgetStream, reportStream } from "./connection.ts";
import type { Heard } from "./hub-messages.ts";
import { whileInSight } from "./in-sight.ts";
import type { HeldEvent } from "./live-event.ts";
import type { HearHeld } from "./live-sets.ts";
import { tellSignedOut } from "./signed-out.ts";

interface Sink<Event> {
  /** All that came since the last frame. */
  apply(events: readonly Event[]): void;
  /** The server refuses, and another try cannot mend it. */
  fail(error: ContentError): void;
  /** So many more rows wait for the page to show new ones again; absent: none of this set does. */
  held?(changes: number): void;
}

/**
 * Follows one stream while the page is in sight, and hands its events over once a frame.
 *
 * @param name what the stream brings, for people
 * @returns a function that ends it
 */
export function runStream<Event extends { readonly kind: string }>(
  name: string,
  open: (signal: AbortSignal, held: HearHeld) => AsyncIterable<Event | BeginEvent | BookmarkEvent | ConnectionEvent>,
  sink: Sink<Event | BeginEvent | BookmarkEvent>,
): () => void {
  let frame = 0;
  let queue: (Event | BeginEvent | BookmarkEvent)[] = [];

  function flush(): void {
    frame = 0;
    const events = queue;
    queue = [];
    sink.apply(events);
  }

  function held(event: HeldEvent): void {
    reportStream(name, event);
    if (event.changes > 0) sink.held?.(event.changes);
  }

  async function follow(signal: AbortSignal): Promise<void> {
    try {
      for await (const event of open(signal, held)) {
        if (signal.aborted) return;
        if (isFrame(event)) reportStream(name, event);
        if (isConnection(event)) continue;
        if (isBookmark(event)) hearServerTime(event.serverTime, event.heardAt);
        queue.push(event);
        frame ||= requestAnimationFrame(flush);
      }
    } catch (error) {
      if (signal.aborted) return;
      if (isKind(error, "unauthenticated")) tellSignedOut();
      forgetStream(name);
      sink.fail(error instanceof ContentError ? error : new ContentError("internal", String(error)));
    }
  }

  const stop = whileInSight(() => {
    const current = new AbortController();
    void follow(current.signal);
    return () => current.abort();
  });
  return () => {
    stop();
    cancelAnimationFrame(frame);
    forgetStream(name);
  };
}

function isConnection(event: { readonly kind: string }): event is ConnectionEvent {
  return event.kind === "connection";
}

function isBookmark(event: { readonly kind: string }): event is BookmarkEvent & Heard {
  return event.kind === "bookmark";
}

/** True for what tells of the stream itself. */
function isFrame(event: { readonly kind: string }): event is (BeginEvent | BookmarkEvent | ConnectionEvent) & Heard {
  return event.kind === "begin" || isBookmark(event) || isConnection(event);
}
