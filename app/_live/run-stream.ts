import { ContentError } from "../../content/errors.ts";
import type { BeginEvent, BookmarkEvent, ConnectionEvent } from "../../content/remote/events.ts";
import { hearServerTime } from "./clock.ts";
import { forgetStream, reportStream } from "./connection.ts";

/** A page that is out of sight for so many milliseconds lets go of its streams: a browser has six connections a host. */
const hiddenMs = 2_000;

interface Sink<Event> {
  /** All that came since the last frame. */
  apply(events: readonly Event[]): void;
  /** The server refuses, and another try cannot mend it. */
  fail(error: ContentError): void;
}

/**
 * Follows one stream while the page is in sight, and hands its events over once a frame.
 *
 * @param name what the stream brings, for people
 * @returns a function that ends it
 */
export function runStream<Event extends { readonly kind: string }>(
  name: string,
  open: (signal: AbortSignal) => AsyncIterable<Event | BeginEvent | BookmarkEvent | ConnectionEvent>,
  sink: Sink<Event | BeginEvent | BookmarkEvent>,
): () => void {
  let current: AbortController | undefined;
  let frame = 0;
  let hidden: ReturnType<typeof setTimeout> | undefined;
  let queue: (Event | BeginEvent | BookmarkEvent)[] = [];

  function flush(): void {
    frame = 0;
    const events = queue;
    queue = [];
    sink.apply(events);
  }

  async function follow(signal: AbortSignal): Promise<void> {
    try {
      for await (const event of open(signal)) {
        if (signal.aborted) return;
        if (isFrame(event)) reportStream(name, event);
        if (isConnection(event)) continue;
        if (isBookmark(event)) hearServerTime(event.serverTime);
        queue.push(event);
        frame ||= requestAnimationFrame(flush);
      }
    } catch (error) {
      if (signal.aborted) return;
      forgetStream(name);
      sink.fail(error instanceof ContentError ? error : new ContentError("internal", String(error)));
    }
  }

  function start(): void {
    current = new AbortController();
    void follow(current.signal);
  }

  function onVisibility(): void {
    clearTimeout(hidden);
    if (document.visibilityState === "hidden") {
      hidden = setTimeout(() => {
        current?.abort();
        current = undefined;
      }, hiddenMs);
    } else if (current === undefined) start();
  }

  document.addEventListener("visibilitychange", onVisibility);
  if (document.visibilityState === "visible") start();
  return () => {
    document.removeEventListener("visibilitychange", onVisibility);
    clearTimeout(hidden);
    cancelAnimationFrame(frame);
    current?.abort();
    forgetStream(name);
  };
}

function isConnection(event: { readonly kind: string }): event is ConnectionEvent {
  return event.kind === "connection";
}

function isBookmark(event: { readonly kind: string }): event is BookmarkEvent {
  return event.kind === "bookmark";
}

/** True for what tells of the stream itself. */
function isFrame(event: { readonly kind: string }): event is BeginEvent | BookmarkEvent | ConnectionEvent {
  return event.kind === "begin" || isBookmark(event) || isConnection(event);
}
