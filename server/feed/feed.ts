import { randomBytes } from "node:crypto";
import type { Change, Unnumbered } from "./change.ts";
import type { ChangeLog } from "./change-log.ts";
import { createChangeLog } from "./change-log.ts";

/** Is told of every change, in order, on the publisher's stack: it must be quick and must not throw. */
export type Listener = (change: Change) => void;

/**
 * What changed in a store, in order. The outermost store publishes; streams, metrics and audit listen.
 *
 * A number is given when a change is committed and the listeners are told once it is durable, so that a reader of
 * the database can say which numbers its view includes before it has heard of them.
 */
export interface Feed {
  /** Tells these numbers from those of every other run: 16 hexadecimal digits, at random. */
  readonly boot: string;
  /** The latest numbered changes, told or not. */
  readonly log: Omit<ChangeLog, "add">;
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

/** Bytes of Feed.boot. */
const bootBytes = 8;

/** A feed in memory. @param log remembers what it numbers */
export function createFeed(log: ChangeLog = createChangeLog()): Feed {
  const boot = randomBytes(bootBytes).toString("hex");
  const listeners = new Set<Listener>();
  let sequence = 0;
  let told = 0;
  return {
    boot,
    log,
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
      const numbered = { ...change, sequence };
      log.add(numbered);
      return numbered;
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
