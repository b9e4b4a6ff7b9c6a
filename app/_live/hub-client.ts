import { ContentError } from "../../content/errors.ts";
import type { BlobEvent, IngestEvent } from "../../content/remote/events.ts";
import type { CatalogEvent } from "./catalog-events.ts";
import type { FromHub, Question, SentError, ToHub } from "./hub-messages.ts";
import { nameOf } from "./hub-messages.ts";
import type { LiveEvent, ToldEvent } from "./live-event.ts";
import type { HearHeld, Link } from "./live-sets.ts";
import { fromSent } from "./sent-events.ts";

/** A tab's side of a hub: live sets that come as messages. */
export interface HubClient extends Link {
  /** What the hub said. */
  hear(message: FromHub): void;
  /** Hold the rows of streams back that can be held, or let them come again. */
  hold(isHeld: boolean): void;
  /** The hub is another one: ask it for everything that is followed. */
  reopen(): void;
  /** Have the hub ask for a set that will be followed soon; one that is not within 10 s is let go of. */
  expect(question: Question): void;
}

/** A set that is expected is kept for so many milliseconds. */
const expectedMs = 10_000;

/** What is open, and what came for it. */
interface Stream {
  readonly question: Question;
  /** Absent: it is not held back. */
  readonly held: HearHeld | undefined;
  batches: (readonly ToldEvent[])[];
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
  /** Numbers of streams that were opened for sets which nobody follows yet, by the names of the sets. */
  const expected = new Map<string, number>();
  let last = 0;
  let isHeld = false;

  async function* follow(
    question: Question,
    signal: AbortSignal,
    held: HearHeld | undefined,
  ): AsyncGenerator<LiveEvent, void, undefined> {
    if (signal.aborted) return;
    const id = (last += 1);
    const stream: Stream = { question, held, batches: [], wake: () => undefined };
    streams.set(id, stream);
    const onAbort = () => stream.wake();
    signal.addEventListener("abort", onAbort);
    open(id, stream);
    try {
      while (!signal.aborted) {
        const events = stream.batches.shift();
        if (events !== undefined) {
          for (const event of events)
            if (event.kind !== "held") yield event;
            else held?.(event);
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

  function open(id: number, { question, held }: Stream): void {
    post({ kind: "open", id, question, isHeld: isHeld && held !== undefined });
    closeExpected(nameOf(question));
  }

  /** Its rows stay in the hub until somebody follows them. */
  function expect(question: Question): void {
    const [id, name] = [(last += 1), nameOf(question)];
    expected.set(name, id);
    post({ kind: "open", id, question, isHeld: true });
    setTimeout(() => closeExpected(name), expectedMs);
  }

  function closeExpected(name: string): void {
    const id = expected.get(name);
    if (expected.delete(name) && id !== undefined) post({ kind: "close", id });
  }

  function ask(id: number): void {
    const stream = streams.get(id);
    if (stream === undefined || stream.error) return;
    stream.batches = [];
    open(id, stream);
  }

  function hear(message: FromHub): void {
    if (message.kind === "reconnected") return reconnected();
    if (message.kind === "lost") return ask(message.id);
    const stream = streams.get(message.id);
    if (stream === undefined) return;
    if (message.kind === "events") stream.batches.push(message.events.map(fromSent));
    else stream.error = message.error;
    stream.wake();
  }

  return {
    async *blobs({ orderBy, limit, ...asked }, signal, held) {
      const question = { ...placed(asked), ...(orderBy && { orderBy }), ...(limit && { limit }) };
      for await (const event of follow({ of: "blobs", ...question }, signal, held)) if (isBlobEvent(event)) yield event;
    },
    async *ingests(asked, signal, held) {
      const question: Question = { of: "ingests", ...placed(asked) };
      for await (const event of follow(question, signal, held)) if (isIngestEvent(event)) yield event;
    },
    async *catalog(of, asked, signal) {
      const question: Question = { of, ...placed(asked) };
      for await (const event of follow(question, signal, undefined)) if (isCatalogEvent(event)) yield event;
    },
    hear,
    expect,
    hold(next) {
      isHeld = next;
      for (const [id, { held }] of streams) if (held) post({ kind: "hold", id, isHeld });
    },
    reopen() {
      for (const id of streams.keys()) ask(id);
    },
  };
}

/** What a set is of: its store and its selection, as far as they are said. */
function placed({ store, selection }: Pick<Question, "store" | "selection">): Pick<Question, "store" | "selection"> {
  return { ...(store && { store }), ...(selection && { selection }) };
}

function receivedError({ kind, message, facts }: SentError): ContentError {
  return new ContentError(kind, message, facts);
}

function isBlobEvent(event: LiveEvent): event is BlobEvent {
  return !isIngestRow(event) && !isCatalogRow(event);
}

function isIngestEvent(event: LiveEvent): event is IngestEvent {
  return !isBlobRow(event) && !isCatalogRow(event);
}

function isCatalogEvent(event: LiveEvent): event is CatalogEvent {
  return !isBlobRow(event) && !isIngestRow(event);
}

function isBlobRow({ kind }: LiveEvent): boolean {
  return kind === "blobs" || kind === "removed";
}

function isIngestRow({ kind }: LiveEvent): boolean {
  return kind === "ingests" || kind === "left" || kind === "ended";
}

function isCatalogRow({ kind }: LiveEvent): boolean {
  return kind === "items" || kind === "gone";
}
