import { ContentError } from "../errors.ts";
import { fromConnectError } from "../wire.ts";

/** Whom the calls of a client are for: what goes into the headers of each. */
export interface CallScope {
  /** Sent as `containerd-namespace`; absent: the server's answer to a call without one. */
  readonly namespace?: string;
  /** The lease that what is written belongs to, sent as `containerd-lease`; absent: none. */
  readonly lease?: string;
  /** Which of the server's stores, sent as `stowage-store`; absent: its default one. */
  readonly store?: string;
}

/** The headers of a scope. @throws `invalid-argument` for a value that no header can hold */
export function headersOf(scope: CallScope): Headers {
  const headers = new Headers();
  const values = {
    "containerd-namespace": scope.namespace,
    "containerd-lease": scope.lease,
    "stowage-store": scope.store,
  };
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined) continue;
    try {
      headers.set(name, value);
    } catch (cause) {
      throw new ContentError("invalid-argument", `${name} ${JSON.stringify(value)} cannot be sent`, { cause });
    }
  }
  return headers;
}

/**
 * The answer to one unary call.
 *
 * @param signal that the call was given
 * @throws what it failed with, as a ContentError; `cancelled` after the signal aborted
 */
export async function answerOf<T>(call: Promise<T>, signal?: AbortSignal): Promise<T> {
  try {
    return await call;
  } catch (error) {
    throw fromConnectError(error, signal);
  }
}

/** A part of an answer as the domain has it. @throws `unavailable` where the server left it out; what convert throws */
export function wanted<Wire, T>(message: Wire | undefined, convert: (message: Wire) => T): T {
  if (message === undefined) throw new ContentError("unavailable", "the server answered with nothing");
  return convert(message);
}

/** Is told why something of a list cannot be read, and is left out of it. */
export type LeftOut = (error: ContentError) => void;

/**
 * What a list of the wire holds, as the domain has it.
 *
 * @param leftOut told of what cannot be read; absent: that is thrown
 */
export function readable<Wire, T>(list: readonly Wire[], convert: (one: Wire) => T, leftOut?: LeftOut): readonly T[] {
  if (leftOut === undefined) return list.map(convert);
  return list.flatMap((one) => {
    try {
      return [convert(one)];
    } catch (error) {
      if (!(error instanceof ContentError)) throw error;
      leftOut(error);
      return [];
    }
  });
}

/**
 * The messages of a server's stream, lazily: the call starts with the first `next` and is cancelled when the consumer
 * stops or the signal aborts. A stream that was cut throws, so that its end is always the server's.
 *
 * @throws what the stream failed with, as a ContentError; `cancelled` after the signal aborted
 */
export async function* messagesOf<T>(
  open: (signal: AbortSignal) => AsyncIterable<T>,
  signal?: AbortSignal,
): AsyncGenerator<T, void, undefined> {
  // Connect's iterables cannot be returned from, so that leaving the loop early has to end the call.
  const left = new AbortController();
  try {
    yield* open(signal === undefined ? left.signal : AbortSignal.any([signal, left.signal]));
  } catch (error) {
    throw fromConnectError(error, signal);
  } finally {
    left.abort();
  }
}
