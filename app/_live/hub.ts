import type { FollowedSet, Place } from "./followed-set.ts";
import { createFollowedSet } from "./followed-set.ts";
import type { FromHub, Question, ToHub } from "./hub-messages.ts";
import { nameOf } from "./hub-messages.ts";
import type { LiveEvent } from "./live-event.ts";
import type { Link } from "./live-sets.ts";
import { lookNowAndThen } from "./look-now-and-then.ts";
import type { OutboxLimits } from "./outbox.ts";
import { toSent } from "./sent-events.ts";
import { spacedIngests } from "./spaced-ingests.ts";

/** What a hub keeps to. */
export interface HubLimits extends OutboxLimits {
  /** Streams of blobs and of the catalog at once; what is asked beyond them is looked at every `lookMs`. */
  readonly blobStreams: number;
  /** As blobStreams, of ingests: tabs of several stores have their own. */
  readonly ingestStreams: number;
  /** Milliseconds between two looks. */
  readonly lookMs: number;
}

/** A browser has six connections to a host: two are for ingests, two for blobs and the catalog, two for calls. */
const hubLimits: HubLimits = {
  blobStreams: 2,
  ingestStreams: 2,
  lookMs: 5_000,
  frameMs: 16,
  events: 20_000,
  patienceMs: 60_000,
};

/** The streams of all tabs: each set is followed once, however many tabs want it, and not at all once nobody does. */
export interface Hub {
  /** A tab is there. @param post tells it something. @returns hears what the tab says */
  join(post: (message: FromHub) => void): (message: ToHub) => void;
  /** End all streams; nobody is told. */
  close(): void;
}

/** Where the sets come from, and what ends its waits for the next try. */
export interface HubLink extends Link {
  retry(): void;
}

interface Followed {
  readonly question: Question;
  readonly set: FollowedSet;
  /** There was no stream left for it. */
  isLookedAt: boolean;
}

/** A hub that follows nothing yet. */
export function createHub(link: HubLink, limits: HubLimits = hubLimits): Hub {
  const followed = new Map<string, Followed>();
  const posts = new Set<(message: FromHub) => void>();

  function follow(question: Question): Followed {
    const set = createFollowedSet({ reconnected, failed: drop }, limits);
    const entry = { question, set, isLookedAt: isFull(question) };
    followed.set(nameOf(question), entry);
    set.run((signal) => open(entry, signal));
    return entry;
  }

  function open({ question, isLookedAt }: Followed, signal: AbortSignal): AsyncIterable<LiveEvent> {
    const follow = (end: AbortSignal) => streamOf(link, question, end);
    return isLookedAt ? lookNowAndThen(follow, limits.lookMs, signal) : follow(signal);
  }

  function isFull({ of }: Question): boolean {
    const isOfIngests = of === "ingests";
    const streams = [...followed.values()].filter(
      ({ question, isLookedAt }) => (question.of === "ingests") === isOfIngests && !isLookedAt,
    );
    return streams.length >= (isOfIngests ? limits.ingestStreams : limits.blobStreams);
  }

  function reconnected(): void {
    for (const post of posts) post({ kind: "reconnected" });
  }

  /** What nobody wants ends, and the first set that has no stream takes the one that is free. */
  function drop(): void {
    for (const [name, { set }] of followed) {
      if (set.isWanted()) continue;
      set.end();
      followed.delete(name);
    }
    const next = [...followed.values()].find(({ isLookedAt, question }) => isLookedAt && !isFull(question));
    if (next === undefined) return;
    next.isLookedAt = false;
    next.set.run((signal) => open(next, signal));
  }

  function join(post: (message: FromHub) => void): (message: ToHub) => void {
    const places = new Map<number, Place>();
    posts.add(post);

    function want(id: number, question: Question, isHeld = false): void {
      posts.add(post);
      const { set } = followed.get(nameOf(question)) ?? follow(question);
      const place = set.join({
        post: (events) => post({ kind: "events", id, events: events.map(toSent) }),
        fail(error) {
          places.delete(id);
          post({ kind: "failed", id, error });
        },
        giveUp: () => leave(id),
      });
      place.hold(isHeld);
      places.get(id)?.leave();
      places.set(id, place);
    }

    function leave(id: number): void {
      places.get(id)?.leave();
      places.delete(id);
      drop();
    }

    return (message) => {
      switch (message.kind) {
        case "open":
          return want(message.id, message.question, message.isHeld);
        case "took":
          if (!places.has(message.id)) return post({ kind: "lost", id: message.id });
          return places.get(message.id)?.taken();
        case "close":
          return leave(message.id);
        case "hold":
          return places.get(message.id)?.hold(message.isHeld);
        case "retry":
          return link.retry();
        case "bye":
          posts.delete(post);
          for (const id of [...places.keys()]) leave(id);
      }
    };
  }

  function close(): void {
    for (const { set } of followed.values()) set.end();
    followed.clear();
    posts.clear();
  }

  return { join, close };
}

/** A set as a stream of its own. */
function streamOf(link: Link, question: Question, signal: AbortSignal): AsyncIterable<LiveEvent> {
  const { of } = question;
  if (of === "ingests") return spacedIngests(link, question, signal);
  return of === "blobs" ? link.blobs(question, signal) : link.catalog(of, question, signal);
}
