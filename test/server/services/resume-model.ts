import type { Transport } from "@connectrpc/connect";
import type { Digest } from "../../../content/digest.ts";
import type { BlobEvent, BookmarkEvent, IngestEvent } from "../../../content/remote/events.ts";
import { followBlobs, followIngests } from "../../../content/remote/follow.ts";
import type { Info, Status } from "../../../content/store.ts";
import { transportTo } from "./calls.ts";

/** A way to a server that can be cut, and that may lead to another server afterwards. */
export interface Line {
  readonly transport: Transport;
  /** Cut every call that is under way. */
  cut(): void;
  /** The calls from now on go there. */
  lead(to: ReturnType<typeof transportTo>): void;
}

export function createLine(): Line {
  let target: Transport = transportTo();
  let current = new AbortController();
  return {
    transport: {
      unary: (method, signal, ...rest) => target.unary(method, signal, ...rest),
      stream(method, signal, ...rest) {
        const any = signal === undefined ? current.signal : AbortSignal.any([signal, current.signal]);
        return target.stream(method, any, ...rest);
      },
    },
    cut() {
      current.abort();
      current = new AbortController();
    },
    lead(to) {
      target = to;
    },
  };
}

/** Who follows a line: what it holds, and what was wrong with it at a bookmark. */
export interface Follower {
  readonly blobs: ReadonlyMap<Digest, Info>;
  readonly ingests: ReadonlyMap<string, Status>;
  /** Refs of ingests that it was told had ended, in order. */
  readonly ended: readonly string[];
  readonly faults: readonly string[];
  readonly tally: { readonly bookmarks: number; readonly begins: number };
  /** Take nothing until `goOn`. */
  pause(): void;
  goOn(): void;
}

const timing = { minDelayMs: 1, maxDelayMs: 3 };

/** @param onBegin the ingests are told anew: ends before may have been missed */
export function startFollower({ transport }: Line, signal: AbortSignal, onBegin: () => void): Follower {
  const blobs = new Map<Digest, Info>();
  const ingests = new Map<string, Status>();
  const ended: string[] = [];
  const faults: string[] = [];
  const tally = { bookmarks: 0, begins: 0 };
  let gate = Promise.withResolvers<void>();
  gate.resolve();

  function check({ complete, count, bytes }: BookmarkEvent, held: { count: number; bytes: number }): void {
    if (!complete) return;
    tally.bookmarks += 1;
    if (count !== held.count || bytes !== held.bytes)
      faults.push(`${count} rows, ${bytes} bytes: ${JSON.stringify(held)}`);
  }

  function takeBlobs(event: BlobEvent): void {
    if (event.kind === "begin") blobs.clear();
    if (event.kind === "blobs") for (const { info } of event.blobs) blobs.set(info.digest, info);
    if (event.kind === "removed") blobs.delete(event.digest);
    if (event.kind === "bookmark") check(event, sumOf([...blobs.values()].map(({ size }) => size)));
  }

  function takeIngests(event: IngestEvent): void {
    if (event.kind === "begin") {
      tally.begins += 1;
      ingests.clear();
      onBegin();
    }
    if (event.kind === "ingests") for (const { status } of event.ingests) ingests.set(status.ref, status);
    if (event.kind === "ended") {
      ended.push(event.ended.ref);
      ingests.delete(event.ended.ref);
    }
    if (event.kind === "bookmark") check(event, sumOf([...ingests.values()].map(({ offset }) => offset)));
  }

  async function follow<Event>(events: AsyncIterable<Event>, take: (event: Event) => void): Promise<void> {
    for await (const event of events) {
      await gate.promise;
      take(event);
    }
  }

  const options = { namespace: "n", minIntervalMs: 100, timing };
  const failed = (error: unknown) => void faults.push(String(error));
  follow(followBlobs(transport, options, signal), takeBlobs).catch(failed);
  follow(followIngests(transport, options, signal), takeIngests).catch(failed);
  return {
    blobs,
    ingests,
    ended,
    faults,
    tally,
    pause() {
      gate.resolve();
      gate = Promise.withResolvers();
    },
    goOn: () => gate.resolve(),
  };
}

function sumOf(sizes: readonly number[]): { count: number; bytes: number } {
  return { count: sizes.length, bytes: sizes.reduce((sum, size) => sum + size, 0) };
}

/** Numbers that a seed decides (mulberry32). @returns a function: a whole number below a bound */
export function createRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}
