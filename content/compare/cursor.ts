import { ContentError } from "../errors.ts";
import type { Info, Store } from "../store.ts";
import type { CompareSide } from "./side.ts";

/** A place in the blobs of a side, in the order of digests. */
export interface Cursor {
  /** The blob here; absent before the first one and behind the last one. */
  readonly current: Info | undefined;
  /** Which store of the side it is of, from 0. */
  readonly at: number;
  /** Goes to the next digest. @throws as compare says */
  advance(): Promise<void>;
  /** Ends what is under way. */
  close(): Promise<void>;
}

/** A cursor before the first blob of a side. Nothing is asked of a store before it advances. */
export function openCursor(side: CompareSide, name: string, signal: AbortSignal | undefined): Cursor {
  const stores = isList(side) ? side : [side];
  const cursors = stores.map((store, at) => createWalk(store, at, name, signal));
  return cursors.length === 1 && cursors[0] !== undefined ? cursors[0] : createMerge(cursors);
}

function isList(side: CompareSide): side is readonly Pick<Store, "walk">[] {
  return Array.isArray(side);
}

/** The blobs of one store. */
function createWalk(store: Pick<Store, "walk">, at: number, name: string, signal: AbortSignal | undefined): Cursor {
  // Whoever leaves waits for no answer: a walk that is asked for its next blob would be ended only behind that.
  const left = new AbortController();
  const either = signal === undefined ? left.signal : AbortSignal.any([signal, left.signal]);
  let rows: AsyncIterator<Info> | undefined;
  let current: Info | undefined;

  async function next(): Promise<Info | undefined> {
    try {
      rows ??= store.walk([], either)[Symbol.asyncIterator]();
      const answer = await rows.next();
      return answer.done === true ? undefined : answer.value;
    } catch (error) {
      if (!(error instanceof ContentError)) throw error;
      throw new ContentError(error.kind, `${name}: ${error.message}`, { cause: error, ...error.facts });
    }
  }

  return {
    at,
    get current() {
      return current;
    },
    async advance() {
      const before = current?.digest;
      do current = await next();
      while (current !== undefined && current.digest === before);
      if (before === undefined || current === undefined || current.digest > before) return;
      const text = `${name} gives its blobs out of order: ${current.digest} after ${before}`;
      throw new ContentError("failed-precondition", text);
    },
    async close() {
      left.abort();
      await rows?.return?.();
    },
  };
}

/** Several cursors as one: a digest that several have comes once, from the first of them. */
function createMerge(cursors: readonly Cursor[]): Cursor {
  /** Those that have a blob, in the order of digests, and then of stores. */
  let heads: Cursor[] | undefined;

  function insert(sorted: Cursor[], cursor: Cursor): void {
    const { current, at } = cursor;
    if (current === undefined) return;
    let [low, high] = [0, sorted.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = sorted[middle];
      const otherDigest = other?.current?.digest ?? current.digest;
      const isBefore = otherDigest < current.digest || (otherDigest === current.digest && (other?.at ?? 0) < at);
      if (isBefore) low = middle + 1;
      else high = middle;
    }
    sorted.splice(low, 0, cursor);
  }

  async function begin(): Promise<Cursor[]> {
    await Promise.all(cursors.map((cursor) => cursor.advance()));
    const sorted: Cursor[] = [];
    for (const cursor of cursors) insert(sorted, cursor);
    return sorted;
  }

  return {
    get current() {
      return heads?.[0]?.current;
    },
    get at() {
      return heads?.[0]?.at ?? 0;
    },
    async advance() {
      if (heads === undefined) {
        heads = await begin();
        return;
      }
      const digest = heads[0]?.current?.digest;
      const passed = heads.findIndex(({ current }) => current?.digest !== digest);
      const moving = heads.splice(0, passed < 0 ? heads.length : passed);
      await Promise.all(moving.map((cursor) => cursor.advance()));
      for (const cursor of moving) insert(heads, cursor);
    },
    async close() {
      await Promise.allSettled(cursors.map((cursor) => cursor.close()));
    },
  };
}
