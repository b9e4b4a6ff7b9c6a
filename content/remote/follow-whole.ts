import type { CallScope } from "./call.ts";
import type { BeginEvent, ConnectionEvent } from "./events.ts";
import type { FollowTiming, Wake } from "./follow-options.ts";
import { defaultTiming } from "./follow-options.ts";
import { sayingWhatLacks } from "./lacking.ts";
import type { Source } from "./reconnect.ts";
import { reconnecting } from "./reconnect.ts";
import type { StreamCall } from "./stream.ts";
import { readStream } from "./stream.ts";
import { usualHeartbeatMs } from "./stream-memory.ts";

/** How a set is followed, whatever it holds. */
export interface WholeFollowOptions extends CallScope {
  /** Heard while it waits for the next try; absent: nothing shortens a wait. */
  readonly wake?: Wake;
  /** Absent members are those of defaultTiming. */
  readonly timing?: Partial<FollowTiming>;
}

/**
 * A set that every connection tells as a whole, after `begin`, and then its changes, until the signal aborts.
 *
 * @param lacks what is said of a server that does not have the service
 * @throws `invalid-argument`, `permission-denied`, `unauthenticated` or `failed-precondition` as the server says, the last also for a server
 * without the service; every other error is a `waiting` connection
 */
export function followWhole<Message, Event extends { readonly kind: string }>(
  call: Pick<StreamCall<Message, Event>, "open" | "eventOf">,
  lacks: string,
  options: WholeFollowOptions,
  signal: AbortSignal,
): AsyncIterable<Event | BeginEvent | ConnectionEvent> {
  const timing = { ...defaultTiming, ...options.timing };
  const source: Source<Event | BeginEvent> = async function* (ended) {
    try {
      yield* readStream({ ...call, heartbeatMs: usualHeartbeatMs }, options, timing, ended);
    } catch (error) {
      throw sayingWhatLacks(error, lacks);
    }
  };
  return reconnecting(source, timing, options.wake, signal);
}
