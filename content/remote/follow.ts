import type { Transport } from "@connectrpc/connect";
import { isKind } from "../errors.ts";
import type { BlobEvent, IngestEvent } from "./events.ts";
import type { BlobFollowOptions, FollowOptions } from "./follow-options.ts";
import { defaultTiming } from "./follow-options.ts";
import type { Source } from "./reconnect.ts";
import { reconnecting } from "./reconnect.ts";
import { streamedBlobs, streamedIngests } from "./streamed-sets.ts";

/**
 * The ingests of a selection, and how each ends, until the signal aborts: from a stream where the server has
 * ContentService, otherwise asked for again and again (`begin` says which). A lost connection is opened anew, and
 * goes on where it was cut, without `begin`; where the server cannot, the set comes whole, after `begin`.
 *
 * @throws `invalid-argument`, `permission-denied`, `unauthenticated` or `failed-precondition` as the server says;
 * every other error is a `waiting` connection
 */
export function followIngests(
  transport: Transport,
  options: FollowOptions,
  signal: AbortSignal,
): AsyncIterable<IngestEvent> {
  const timing = { ...defaultTiming, ...options.timing };
  const source = eitherOf(streamedIngests(transport, options, timing), async () => {
    const { polledIngests } = await import("./polled-ingests.ts");
    return polledIngests(transport, options, timing);
  });
  return reconnecting(source, timing, options.wake, signal);
}

/**
 * The blobs of a selection, or the first of them in an order, as they change, until the signal aborts; otherwise as
 * followIngests.
 */
export function followBlobs(
  transport: Transport,
  options: BlobFollowOptions,
  signal: AbortSignal,
): AsyncIterable<BlobEvent> {
  const timing = { ...defaultTiming, ...options.timing };
  const source = eitherOf(streamedBlobs(transport, options, timing), async () => {
    const { polledBlobs } = await import("./polled-blobs.ts");
    return polledBlobs(transport, options, timing);
  });
  return reconnecting(source, timing, options.wake, signal);
}

/**
 * The stream, or the poll where the server has no stream. Every connection tries anew: the server may be another.
 *
 * @param openPolled loads the poll only then: with its regular expressions it outweighs the rest in a browser
 */
function eitherOf<Event>(streamed: Source<Event>, openPolled: () => Promise<Source<Event>>): Source<Event> {
  return async function* (signal) {
    try {
      return yield* streamed(signal);
    } catch (error) {
      if (!isKind(error, "not-implemented")) throw error;
    }
    const polled = await openPolled();
    yield* polled(signal);
  };
}
