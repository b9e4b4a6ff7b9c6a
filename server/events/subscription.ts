import { ContentError } from "../../content/errors.ts";
import type { Event } from "./event.ts";

/** How far a subscriber may fall behind. */
export interface BacklogLimits {
  readonly events: number;
  /** Of the messages that clients published. */
  readonly bytes: number;
}

/** What one subscriber hears of, in order; read it once. */
export interface Subscription extends AsyncIterable<Event>, Disposable {
  /** One more event. A subscriber that is too far behind fails instead. */
  push(event: Event): void;
  /** Nothing follows; the reader is told why in place of the next event. */
  fail(error: ContentError): void;
}

/** @param ended called once, when the subscription is over, whoever ended it */
export function createSubscription(limits: BacklogLimits, ended: () => void): Subscription {
  let queue: Event[] = [];
  let bytes = 0;
  let failure: ContentError | undefined;
  let over = false;
  let wake: (() => void) | undefined;

  function end(): void {
    if (over) return;
    over = true;
    queue = [];
    ended();
    wake?.();
  }

  function fail(error: ContentError): void {
    failure ??= error;
    end();
  }

  return {
    push(event) {
      if (over) return;
      bytes += bytesOf(event);
      queue.push(event);
      if (queue.length > limits.events || bytes > limits.bytes) fail(tooSlow());
      wake?.();
    },
    fail,
    async *[Symbol.asyncIterator]() {
      for (;;) {
        const next = queue.shift();
        if (next !== undefined) {
          bytes -= bytesOf(next);
          yield next;
          continue;
        }
        if (failure !== undefined) throw failure;
        if (over) return;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
    [Symbol.dispose]: end,
  };
}

function bytesOf(event: Event): number {
  return event.kind === "foreign" ? event.message.value.length : 0;
}

function tooSlow(): ContentError {
  const text = "the subscriber fell too far behind and missed events; list what is there and subscribe again";
  return new ContentError("resource-exhausted", text);
}
