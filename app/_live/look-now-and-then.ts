import { sleep } from "../../content/remote/sleep.ts";
import type { LiveEvent } from "./live-event.ts";

/**
 * A set that is read whole every so many milliseconds, over a connection that ends each time: what is asked once there
 * are as many streams as may be.
 *
 * @throws what the first or a later look ends with
 */
export async function* lookNowAndThen(
  open: (signal: AbortSignal) => AsyncIterable<LiveEvent>,
  everyMs: number,
  signal: AbortSignal,
): AsyncGenerator<LiveEvent, void, undefined> {
  for (let isFirst = true; !signal.aborted; isFirst = false) {
    yield* look(open, everyMs, signal, isFirst);
    await sleep(everyMs, signal);
  }
}

async function* look(
  open: (signal: AbortSignal) => AsyncIterable<LiveEvent>,
  everyMs: number,
  signal: AbortSignal,
  isFirst: boolean,
): AsyncGenerator<LiveEvent, void, undefined> {
  const over = new AbortController();
  try {
    for await (const event of open(AbortSignal.any([signal, over.signal]))) {
      if (signal.aborted) return;
      if (event.kind === "begin") yield { ...event, source: "polled", heartbeatMs: everyMs };
      else if (isFirst || !isFirstTry(event)) yield event;
      if (event.kind === "bookmark" && event.complete) return;
    }
  } finally {
    over.abort();
  }
}

/** True for the beginning of a connection that is no loss: the one before was ended here. */
function isFirstTry(event: LiveEvent): boolean {
  return event.kind === "connection" && event.state === "connecting" && event.attempt <= 1;
}
