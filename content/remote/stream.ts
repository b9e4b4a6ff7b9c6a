import { durationMs } from "@bufbuild/protobuf/wkt";
import type { CallOptions } from "@connectrpc/connect";
import type { Bookmark, End, SyncBegin } from "../../gen/stowage/v1/content_pb.js";
import { End_Reason } from "../../gen/stowage/v1/content_pb.js";
import { ContentError } from "../errors.ts";
import { int64FromWire, timeFromWire, unknownTime } from "../wire.ts";
import type { CallScope } from "./call.ts";
import { headersOf, messagesOf } from "./call.ts";
import type { BeginEvent, BookmarkEvent } from "./events.ts";
import type { FollowTiming } from "./follow-options.ts";
import { nextWithin } from "./silence.ts";
import { usualHeartbeatMs } from "./stream-memory.ts";

/** The last message of an orderly stream. */
export interface EndOfStream {
  readonly kind: "end";
  readonly reason: End_Reason;
}

/** One stream that a server may be asked for. */
export interface StreamCall<Message, Event> {
  readonly open: (call: CallOptions) => AsyncIterable<Message>;
  /** Absent for what a newer server tells. */
  readonly eventOf: (message: Message) => Event | BeginEvent | EndOfStream | undefined;
  /** Milliseconds between two bookmarks until the stream says otherwise. */
  readonly heartbeatMs: number;
  /** True for an event that was taken from an earlier stream; absent: none was. */
  readonly isKnown?: (event: Event | BeginEvent) => boolean;
  /** The consumer took the event; absent: nobody asks. */
  readonly taken?: (message: Message, event: Event | BeginEvent | EndOfStream) => void;
}

/**
 * The events of one stream. It returns where the next one is to be opened at once.
 *
 * @throws `unavailable` for a stream that was cut, that is silent for too long, or whose server stops
 */
export async function* readStream<Message, Event extends { readonly kind: string }>(
  { open, eventOf, isKnown, taken, ...call }: StreamCall<Message, Event>,
  scope: CallScope,
  timing: FollowTiming,
  signal: AbortSignal,
): AsyncGenerator<Event | BeginEvent, void, undefined> {
  const silence = new AbortController();
  const headers = headersOf(scope);
  const messages = messagesOf((s) => open({ headers, signal: s }), AbortSignal.any([signal, silence.signal]));
  let { heartbeatMs } = call;
  let patienceMs = timing.firstMessageMs;
  try {
    for (;;) {
      const message = await nextWithin(messages, patienceMs, silence);
      if (message.done === true) throw new ContentError("unavailable", "the stream was cut");
      const event = eventOf(message.value);
      if (event === undefined) continue;
      // What the consumer did not take is told again by the next connection.
      if (!isEnd(event) && isKnown?.(event) !== true) yield event;
      taken?.(message.value, event);
      if (isBegin(event)) heartbeatMs = event.heartbeatMs;
      patienceMs = heartbeatMs * timing.missedHeartbeats;
      if (isEnd(event)) return endOf(event);
    }
  } finally {
    await messages.return();
  }
}

function isEnd(event: { readonly kind: string }): event is EndOfStream {
  return event.kind === "end";
}

/** True for an event after which the whole set follows. */
export function isBegin(event: { readonly kind: string }): event is BeginEvent {
  return event.kind === "begin";
}

/** Returns where the next stream is to be opened at once. */
function endOf({ reason }: EndOfStream): void {
  if (reason === End_Reason.MAX_AGE) return;
  const stops = reason === End_Reason.SHUTDOWN;
  throw new ContentError("unavailable", stops ? "the server stops" : "the server ended the stream");
}

/** What a stream of any set tells besides the set. */
type FrameMessage =
  | { readonly case: "begin"; readonly value: SyncBegin }
  | { readonly case: "bookmark"; readonly value: Bookmark }
  | { readonly case: "end"; readonly value: End }
  | { readonly case: undefined };

/**
 * The event of a message that is about the stream and not about its set.
 *
 * @returns absent for what a newer server tells
 * @throws `invalid-argument` for a number beyond 2^53-1
 */
export function frameEvent(message: FrameMessage): BeginEvent | BookmarkEvent | EndOfStream | undefined {
  switch (message.case) {
    case "begin":
      return beginEvent(message.value);
    case "bookmark":
      return bookmarkEvent(message.value);
    case "end":
      return { kind: "end", reason: message.value.reason };
    default:
      return undefined;
  }
}

function beginEvent({ heartbeatInterval }: SyncBegin): BeginEvent {
  const heartbeatMs = heartbeatInterval === undefined ? 0 : durationMs(heartbeatInterval);
  return { kind: "begin", source: "stream", heartbeatMs: heartbeatMs > 0 ? heartbeatMs : usualHeartbeatMs };
}

/** Bookmark as an event. @throws `invalid-argument` for a number beyond 2^53-1 */
export function bookmarkEvent(bookmark: Bookmark): BookmarkEvent {
  return {
    kind: "bookmark",
    serverTime: timeFromWire(bookmark.serverTime) ?? unknownTime,
    count: int64FromWire(bookmark.count, "count"),
    bytes: int64FromWire(bookmark.bytes, "bytes"),
    wholeCount: int64FromWire(bookmark.wholeCount, "whole_count"),
    wholeBytes: int64FromWire(bookmark.wholeBytes, "whole_bytes"),
    complete: bookmark.setComplete,
  };
}
