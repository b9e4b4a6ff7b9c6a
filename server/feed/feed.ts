import type { Change, Unnumbered } from "./change.ts";

/** Is told of every change, in order, on the publisher's stack: it must be quick and must not throw. */
export type Listener = (change: Change) => void;

/**
 * What changed in a store, in order. The outermost store publishes; streams, metrics and audit listen.
 *
 * A number is given when a change is committed and the listeners are told once it is durable, so that a reader of
 * the database can say which numbers its view includes before it has heard of them.
 */
export interface Feed {
  /** Number of the last change that is committed, told or not; 0 before the first. */
  readonly sequence: number;
  /** Number of the last change that the listeners were told of; 0 before the first. */
  readonly told: number;
  /** True when anybody listens. A publisher may leave out costly changes (the progress of a write) when nobody does. */
  readonly watched: boolean;
  /** Give a change its number; call it in the same turn as the commit. */
  number(change: Unnumbered): Change;
  /** Tell the listeners; in the order of numbers. */
  publish(change: Change): void;
  /** @returns a function that ends it */
  listen(listener: Listener): () => void;
}

/** A feed in memory. */
export function createFeed(): Feed {
  const listeners = new Set<Listener>();
  let sequence = 0;
  let told = 0;
  return {
    get sequence() {
      return sequence;
    },
    get told() {
      return told;
    },
    get watched() {
      return listeners.size > 0;
    },
    number(change) {
      sequence += 1;
      return { ...change, sequence };
    },
    publish(change) {
      told = change.sequence;
      for (const listener of listeners) listener(change);
    },
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
