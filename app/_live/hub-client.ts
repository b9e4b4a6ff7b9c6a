import { ContentError } from "../../content/errors.ts";
import type { BlobEvent, IngestEvent } from "../../content/remote/events.ts";
import type { FromHub, LiveEvent, Question, SentError, ToHub } from "./hub-messages.ts";
import type { Link } from "./link.ts";

/** A tab's side of a hub: live sets that come as messages. */
export interface HubClient extends Link {
  /** What the hub said. */
  hear(message: FromHub): void;
  /** The hub is another one: ask it for everything that is followed. */
  reopen(): void;
}

/** What is open, and what came for it. */
interface Stream {
  readonly question: Question;
  batches: (readonly LiveEvent[])[];
  error?: SentError;
  wake: () => void;
}

/**
 * A client that follows nothing yet.
 *
 * @param post tells the hub something
 * @param reconnected hears that a lost connection is live again
 */
export function createHubClient(post: (message: ToHub) => void, reconnected: () => void): HubClient {
  const streams = new Map<number, Stream>();
  let last = 0;

  async function* follow(question: Question, signal: AbortSignal): AsyncGenerator<LiveEvent, void, undefined> {
    if (signal.aborted) return;
    const id = (last += 1);
    const stream: Stream = { question, batches: [], wake: () => undefined };
    streams.set(id, stream);
    const onAbort = () => stream.wake();
    signal.addEventListener("abort", onAbort);
    post({ kind: "open", id, question });
    try {
      while (!signal.aborted) {
        const events = stream.batches.shift();
        if (events !== undefined) {
          yield* events;
          post({ kind: "took", id });
        } else if (stream.error) throw receivedError(stream.error);
        else await new Promise<void>((resolve) => (stream.wake = resolve));
      }
    } finally {
      signal.removeEventListener("abort", onAbort);
      streams.delete(id);
      post({ kind: "close", id });
    }
  }

  function ask(id: number): void {
    const stream = streams.get(id);
    if (stream === undefined || stream.error) return;
    stream.batches = [];
    post({ kind: "open", id, question: stream.question });
  }

  function hear(message: FromHub): void {
    if (message.kind === "reconnected") return reconnected();
    if (message.kind === "lost") return ask(message.id);
    const stream = streams.get(message.id);
    if (stream === undefined) return;
    if (message.kind === "events") stream.batches.push(message.events);
    else stream.error = message.error;
    stream.wake();
  }

  return {
    async *blobs({ selection, orderBy, limit }, signal) {
      const question = { ...(selection && { selection }), ...(orderBy && { orderBy }), ...(limit && { limit }) };
      for await (const event of follow({ of: "blobs", ...question }, signal)) if (isBlobEvent(event)) yield event;
    },
    async *ingests({ selection }, signal) {
      const question: Question = { of: "ingests", ...(selection && { selection }) };
      for await (const event of follow(question, signal)) if (isIngestEvent(event)) yield event;
    },
    hear,
    reopen() {
      for (const id of streams.keys()) ask(id);
    },
  };
}

function receivedError({ kind, message, facts }: SentError): ContentError {
  return new ContentError(kind, message, facts);
}

function isBlobEvent(event: LiveEvent): event is BlobEvent {
  return event.kind !== "ingests" && event.kind !== "left" && event.kind !== "ended";
}

function isIngestEvent(event: LiveEvent): event is IngestEvent {
  return event.kind !== "blobs" && event.kind !== "removed";
}
