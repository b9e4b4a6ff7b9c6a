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
import { ContentError, isKind } from "../errors.ts";
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
import type { StreamMemory } from "./stream-memory.ts";
import { createStreamMemory, usualHeartbeatMs } from "./stream-memory.ts";

/** The last message of an orderly stream. */
interface EndOfStream {
  readonly kind: "end";
  readonly reason: End_Reason;
}

/** One way to ask for a stream. */
interface Streamed<Response, Event> {
  readonly open: (resumeToken: string, call: CallOptions) => AsyncIterable<Response>;
  /** Absent for what a newer server tells. */
  readonly eventOf: (response: Response) => Event | BeginEvent | EndOfStream | undefined;
  readonly memory: StreamMemory;
}

/** The ingests of a selection, as ContentService.Status tells them. */
export function streamedIngests(
  transport: Transport,
  options: FollowOptions,
  timing: FollowTiming,
): Source<Exclude<IngestEvent, ConnectionEvent>> {
  const client = createClient(ContentService, transport);
  const selection = selectionToWire(options.selection ?? {});
  const streamed = {
    open: (resumeToken: string, call: CallOptions) =>
      client.status({ selection, watch: watchOf(options, resumeToken) }, call),
    eventOf: ingestEvent,
    memory: options.memory ?? createStreamMemory(),
  };
  return (signal) => followStream(streamed, options, timing, signal);
}

/** The blobs of a selection, as ContentService.List tells them. */
export function streamedBlobs(
  transport: Transport,
  options: BlobFollowOptions,
  timing: FollowTiming,
): Source<Exclude<BlobEvent, ConnectionEvent>> {
  const client = createClient(ContentService, transport);
  const { selection = {}, orderBy = "", limit = 0, startAt = "" } = options;
  const request = { selection: selectionToWire(selection), orderBy, limit, startAt };
  const streamed = {
    open: (resumeToken: string, call: CallOptions) =>
      client.list({ ...request, watch: watchOf(options, resumeToken) }, call),
    eventOf: blobEvent,
    memory: options.memory ?? createStreamMemory(),
  };
  return (signal) => followStream(streamed, options, timing, signal);
}

/**
 * One connection that goes on where the last was cut, or begins anew where the server does not take the token.
 *
 * @throws `unavailable` for a stream that was cut, that is silent for too long, or whose server stops
 */
async function* followStream<Response extends ListResponse | StatusResponse, Event extends { readonly kind: string }>(
  streamed: Streamed<Response, Event>,
  options: FollowOptions,
  timing: FollowTiming,
  signal: AbortSignal,
): AsyncGenerator<Event | BeginEvent, void, undefined> {
  const { memory } = streamed;
  const resumes = memory.token !== "";
  try {
    return yield* readStream(streamed, options, timing, signal);
  } catch (error) {
    // Whoever tells the set without a stream, or refuses the token, tells all of it.
    if (isKind(error, "not-implemented") || isKind(error, "invalid-argument")) memory.token = "";
    if (!resumes || !isKind(error, "invalid-argument")) throw error;
  }
  yield* readStream(streamed, options, timing, signal);
}

async function* readStream<Response extends ListResponse | StatusResponse, Event extends { readonly kind: string }>(
  { open, eventOf, memory }: Streamed<Response, Event>,
  options: FollowOptions,
  timing: FollowTiming,
  signal: AbortSignal,
): AsyncGenerator<Event | BeginEvent, void, undefined> {
  const silence = new AbortController();
  const headers = headersOf(options);
  const { token } = memory;
  const messages = messagesOf((s) => open(token, { headers, signal: s }), AbortSignal.any([signal, silence.signal]));
  let patienceMs = timing.firstMessageMs;
  try {
    for (;;) {
      const message = await nextWithin(messages, patienceMs, silence);
      if (message.done === true) throw new ContentError("unavailable", "the stream was cut");
      const event = eventOf(message.value);
      if (event === undefined) continue;
      // What the consumer did not take is told again by the next connection.
      if (!isEnd(event) && !isKnownEnd(event, memory)) yield event;
      remember(memory, message.value, event);
      patienceMs = memory.heartbeatMs * timing.missedHeartbeats;
      if (isEnd(event)) return endOf(event);
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

function isKnownEnd(event: { readonly kind: string }, memory: StreamMemory): boolean {
  return isIngestEnd(event) && memory.tookEnd(event.ended);
}

function isIngestEnd(event: { readonly kind: string }): event is IngestEvent & { readonly kind: "ended" } {
  return event.kind === "ended";
}

/** An event was taken. */
function remember(
  memory: StreamMemory,
  { event: message }: ListResponse | StatusResponse,
  event: { readonly kind: string },
): void {
  if (isBegin(event)) {
    memory.token = "";
    memory.heartbeatMs = event.heartbeatMs;
  }
  if (isIngestEnd(event)) memory.takeEnd(event.ended);
  if (message.case === "bookmark" || message.case === "end") memory.token = message.value.token || memory.token;
}

/** Returns where the next stream is to be opened at once. */
function endOf({ reason }: EndOfStream): void {
  if (reason === End_Reason.MAX_AGE) return;
  const stops = reason === End_Reason.SHUTDOWN;
  throw new ContentError("unavailable", stops ? "the server stops" : "the server ended the stream");
}

function watchOf({ minIntervalMs }: FollowOptions, resumeToken: string): MessageInitShape<typeof WatchSchema> {
  return {
    follow: true,
    resumeToken,
    ...(minIntervalMs !== undefined && { minInterval: durationFromMs(minIntervalMs) }),
  };
}

function ingestEvent({ event }: StatusResponse): Exclude<IngestEvent, ConnectionEvent> | EndOfStream | undefined {
  switch (event.case) {
    case "begin":
      return beginEvent(event.value);
    case "batch":
      return { kind: "ingests", ingests: event.value.ingests.map(ingestFromWire) };
    case "left":
      return { kind: "left", namespace: event.value.namespace, ref: event.value.ref };
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
