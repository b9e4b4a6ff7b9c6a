import type { MessageInitShape } from "@bufbuild/protobuf";
import { durationFromMs, durationMs } from "@bufbuild/protobuf/wkt";
import type { CallOptions, Transport } from "@connectrpc/connect";
import { createClient } from "@connectrpc/connect";
import type {
  Bookmark,
  ListResponse,
  StatusResponse,
  SyncBegin,
  WatchSchema,
} from "../../gen/stowage/v1/content_pb.js";
import { ContentService, End_Reason } from "../../gen/stowage/v1/content_pb.js";
import { parseDigest } from "../digest.ts";
import { ContentError } from "../errors.ts";
import {
  blobFromWire,
  endedIngestFromWire,
  ingestFromWire,
  int64FromWire,
  selectionToWire,
  timeFromWire,
  unknownTime,
} from "../wire.ts";
import { headersOf, messagesOf } from "./call.ts";
import type { BeginEvent, BlobEvent, BookmarkEvent, ConnectionEvent, IngestEvent } from "./events.ts";
import type { BlobFollowOptions, FollowOptions, FollowTiming } from "./follow-options.ts";
import type { Source } from "./reconnect.ts";

/** The last message of an orderly stream. */
interface EndOfStream {
  readonly kind: "end";
  readonly reason: End_Reason;
}

/** The ingests of a selection, as ContentService.Status tells them. */
export function streamedIngests(
  transport: Transport,
  options: FollowOptions,
  timing: FollowTiming,
): Source<Exclude<IngestEvent, ConnectionEvent>> {
  const client = createClient(ContentService, transport);
  const request = { selection: selectionToWire(options.selection ?? {}), watch: watchOf(options) };
  return (signal) => followStream((call) => client.status(request, call), ingestEvent, options, timing, signal);
}

/** The blobs of a selection, as ContentService.List tells them. */
export function streamedBlobs(
  transport: Transport,
  options: BlobFollowOptions,
  timing: FollowTiming,
): Source<Exclude<BlobEvent, ConnectionEvent>> {
  const client = createClient(ContentService, transport);
  const { selection = {}, orderBy = "", limit = 0 } = options;
  const request = { selection: selectionToWire(selection), orderBy, limit, watch: watchOf(options) };
  return (signal) => followStream((call) => client.list(request, call), blobEvent, options, timing, signal);
}

/** @throws `unavailable` for a stream that was cut, that is silent for too long, or whose server stops */
async function* followStream<Response, Event extends { readonly kind: string }>(
  open: (call: CallOptions) => AsyncIterable<Response>,
  eventOf: (response: Response) => Event | BeginEvent | EndOfStream | undefined,
  options: FollowOptions,
  timing: FollowTiming,
  signal: AbortSignal,
): AsyncGenerator<Event | BeginEvent, void, undefined> {
  const silence = new AbortController();
  const headers = headersOf(options);
  const messages = messagesOf((s) => open({ headers, signal: s }), AbortSignal.any([signal, silence.signal]));
  let patienceMs = timing.firstMessageMs;
  try {
    for (;;) {
      const message = await nextWithin(messages, patienceMs, silence);
      if (message.done === true) throw new ContentError("unavailable", "the stream was cut");
      const event = eventOf(message.value);
      if (event === undefined) continue;
      if (isEnd(event)) return endOf(event);
      if (isBegin(event)) patienceMs = event.heartbeatMs * timing.missedHeartbeats;
      yield event;
    }
  } finally {
    await messages.return();
  }
}

/** Only the wait for a message is timed, so that a slow consumer is not taken for a dead server. */
async function nextWithin<T>(
  messages: AsyncGenerator<T, void, undefined>,
  ms: number,
  silence: AbortController,
): Promise<IteratorResult<T, void>> {
  const timer = setTimeout(() => {
    silence.abort(new ContentError("unavailable", `nothing came from the server for ${ms / 1000} s`));
  }, ms);
  try {
    return await messages.next();
  } finally {
    clearTimeout(timer);
  }
}

function isEnd(event: { readonly kind: string }): event is EndOfStream {
  return event.kind === "end";
}

function isBegin(event: { readonly kind: string }): event is BeginEvent {
  return event.kind === "begin";
}

/** Returns where the next stream is to be opened at once. */
function endOf({ reason }: EndOfStream): void {
  if (reason === End_Reason.MAX_AGE) return;
  const stops = reason === End_Reason.SHUTDOWN;
  throw new ContentError("unavailable", stops ? "the server stops" : "the server ended the stream");
}

function watchOf({ minIntervalMs }: FollowOptions): MessageInitShape<typeof WatchSchema> {
  return { follow: true, ...(minIntervalMs !== undefined && { minInterval: durationFromMs(minIntervalMs) }) };
}

function ingestEvent({ event }: StatusResponse): Exclude<IngestEvent, ConnectionEvent> | EndOfStream | undefined {
  switch (event.case) {
    case "begin":
      return beginEvent(event.value);
    case "batch":
      return { kind: "ingests", ingests: event.value.ingests.map(ingestFromWire) };
    case "ended":
      return { kind: "ended", ended: endedIngestFromWire(event.value) };
    case "bookmark": {
      const bookmark = bookmarkEvent(event.value);
      return { ...bookmark, wholeCount: bookmark.count, wholeBytes: bookmark.bytes };
    }
    case "end":
      return { kind: "end", reason: event.value.reason };
    default:
      return undefined;
  }
}

function blobEvent({ event }: ListResponse): Exclude<BlobEvent, ConnectionEvent> | EndOfStream | undefined {
  switch (event.case) {
    case "begin":
      return beginEvent(event.value);
    case "batch":
      return { kind: "blobs", blobs: event.value.items.map(blobFromWire) };
    case "removed": {
      const { namespace, digest, leftSelection } = event.value;
      return { kind: "removed", namespace, digest: parseDigest(digest), leftSelection };
    }
    case "bookmark":
      return bookmarkEvent(event.value);
    case "end":
      return { kind: "end", reason: event.value.reason };
    default:
      return undefined;
  }
}

function beginEvent({ heartbeatInterval }: SyncBegin): BeginEvent {
  const heartbeatMs = heartbeatInterval === undefined ? 0 : durationMs(heartbeatInterval);
  return { kind: "begin", source: "stream", heartbeatMs: heartbeatMs > 0 ? heartbeatMs : usualHeartbeatMs };
}

/** Time between two bookmarks of a server that does not tell it. */
const usualHeartbeatMs = 10_000;

function bookmarkEvent(bookmark: Bookmark): BookmarkEvent {
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
