import type { MessageInitShape } from "@bufbuild/protobuf";
import { durationFromMs } from "@bufbuild/protobuf/wkt";
import type { CallOptions, Transport } from "@connectrpc/connect";
import { createClient } from "@connectrpc/connect";
import type { ListResponse, StatusResponse, WatchSchema } from "../../gen/stowage/v1/content_pb.js";
import { ContentService } from "../../gen/stowage/v1/content_pb.js";
import { isKind } from "../errors.ts";
import { parseDigest } from "../parse-digest.ts";
import { blobFromWire, endedIngestFromWire, ingestFromWire, selectionToWire } from "../wire.ts";
import type { BeginEvent, BlobEvent, ConnectionEvent, IngestEvent } from "./events.ts";
import type { BlobFollowOptions, FollowOptions, FollowTiming } from "./follow-options.ts";
import type { Source } from "./reconnect.ts";
import type { EndOfStream, StreamCall } from "./stream.ts";
import { bookmarkEvent, frameEvent, isBegin, readStream } from "./stream.ts";
import type { StreamMemory } from "./stream-memory.ts";
import { createStreamMemory } from "./stream-memory.ts";

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
    return yield* readMemory(streamed, options, timing, signal);
  } catch (error) {
    // Whoever tells the set without a stream, or refuses the token, tells all of it.
    if (isKind(error, "not-implemented") || isKind(error, "invalid-argument")) memory.token = "";
    if (!resumes || !isKind(error, "invalid-argument")) throw error;
  }
  yield* readMemory(streamed, options, timing, signal);
}

function readMemory<Response extends ListResponse | StatusResponse, Event extends { readonly kind: string }>(
  { open, eventOf, memory }: Streamed<Response, Event>,
  options: FollowOptions,
  timing: FollowTiming,
  signal: AbortSignal,
): AsyncGenerator<Event | BeginEvent, void, undefined> {
  const { token, heartbeatMs } = memory;
  const call: StreamCall<Response, Event> = {
    open: (callOptions) => open(token, callOptions),
    eventOf,
    heartbeatMs,
    isKnown: (event) => isKnownEnd(event, memory),
    taken: (message, event) => remember(memory, message, event),
  };
  return readStream(call, options, timing, signal);
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

function watchOf({ minIntervalMs }: FollowOptions, resumeToken: string): MessageInitShape<typeof WatchSchema> {
  return {
    follow: true,
    resumeToken,
    ...(minIntervalMs !== undefined && { minInterval: durationFromMs(minIntervalMs) }),
  };
}

function ingestEvent({ event }: StatusResponse): Exclude<IngestEvent, ConnectionEvent> | EndOfStream | undefined {
  switch (event.case) {
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
    default:
      return frameEvent(event);
  }
}

function blobEvent({ event }: ListResponse): Exclude<BlobEvent, ConnectionEvent> | EndOfStream | undefined {
  switch (event.case) {
    case "batch":
      return { kind: "blobs", blobs: event.value.items.map(blobFromWire) };
    case "removed": {
      const { namespace, digest, leftSelection } = event.value;
      return { kind: "removed", namespace, digest: parseDigest(digest), leftSelection };
    }
    default:
      return frameEvent(event);
  }
}
