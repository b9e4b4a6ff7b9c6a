import type { ErrorKind } from "../errors.ts";
import { fromConnectError } from "../wire.ts";
import type { ConnectionEvent } from "./events.ts";
import type { FollowTiming, Wake } from "./follow-options.ts";
import { sleep } from "./sleep.ts";

/**
 * One connection to a live set: it begins with `begin` and the whole set, or goes on from the one before. It returns when the next
 * connection is to be opened at once, and throws when it was cut or the server stops.
 */
export type Source<Event> = (signal: AbortSignal) => AsyncGenerator<Event, void, undefined>;

/** What another try cannot mend. */
const finalKinds: readonly ErrorKind[] = [
  "invalid-argument",
  "permission-denied",
  "unauthenticated",
  "failed-precondition",
];

/**
 * Opens a source again and again, and tells between its events where the connection stands.
 *
 * A wait is drawn at random up to a bound that doubles with every failure and falls back only after an event beyond
 * `begin`: a server that answers and fails at once is not asked in a loop.
 *
 * @throws the ContentError of a kind that another try cannot mend; it ends without one when the signal aborts
 */
export async function* reconnecting<Event extends { readonly kind: string }>(
  source: Source<Event>,
  timing: FollowTiming,
  wake: Wake | undefined,
  signal: AbortSignal,
): AsyncGenerator<Event | ConnectionEvent, void, undefined> {
  let failures = 0;
  let attempt = 0;
  let live = false;
  const brake = createBrake(timing, (ms) => sleep(ms, signal, wake));
  while (!signal.aborted) {
    if (!live) {
      attempt += 1;
      yield { kind: "connection", state: "connecting", attempt };
    }
    let reason = "the server ended the stream at once";
    let told = false;
    const begunMs = performance.now();
    try {
      for await (const event of source(signal)) {
        if (!live) {
          live = true;
          attempt = 0;
          yield { kind: "connection", state: "live", attempt };
        }
        if (event.kind !== "begin") {
          told = true;
          failures = 0;
        }
        yield event;
      }
      if (told) {
        await brake(begunMs);
        continue;
      }
    } catch (thrown) {
      if (signal.aborted) return;
      const error = fromConnectError(thrown);
      if (finalKinds.includes(error.kind)) throw error;
      reason = error.message;
    }
    live = false;
    failures += 1;
    const delayMs = drawDelay(failures, timing);
    yield { kind: "connection", state: "waiting", attempt, retryAt: new Date(Date.now() + delayMs), reason };
    await sleep(delayMs, signal, wake);
  }
}

/**
 * Waits before a stream that follows one that ended in order: of those that last less than the shortest wait only the first is followed
 * at once, so that no server is asked in a loop.
 *
 * @returns what waits; it is told when the stream began, on the clock of performance.now()
 */
function createBrake(
  { minDelayMs }: FollowTiming,
  wait: (ms: number) => Promise<void>,
): (begunMs: number) => Promise<void> {
  let wasBrief = false;
  return async (begunMs) => {
    const restMs = begunMs + minDelayMs - performance.now();
    if (restMs > 0 && wasBrief) await wait(restMs);
    wasBrief = restMs > 0;
  };
}

function drawDelay(failures: number, { minDelayMs, maxDelayMs }: FollowTiming): number {
  const bound = Math.min(maxDelayMs, minDelayMs * 2 ** failures);
  return minDelayMs + Math.random() * Math.max(0, bound - minDelayMs);
}
