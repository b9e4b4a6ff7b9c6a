import type { Logger } from "pino";
import type { KeyedLock } from "../metadata/keyed-lock.ts";
import type { OpenWriters } from "../metadata/open-writers.ts";
import type { Rows } from "../metadata/rows.ts";
import type { Accept } from "./accept.ts";
import type { Asking } from "./asking.ts";
import type { MirrorSource } from "./source.ts";
import type { MirrorTiming } from "./timing.ts";

/** What all parts of a mirror work with. */
export interface MirrorCore {
  /** What calls name the store by. */
  readonly name: string;
  readonly source: MirrorSource;
  /** Changed by looking alone. */
  readonly rows: Rows;
  /** The ingests as they were last seen, by the ids of their rows. */
  readonly writers: OpenWriters;
  readonly accept: Accept;
  /** Held by whoever asks for a list and takes it over, so that no older answer comes after a later one. */
  readonly lists: KeyedLock;
  readonly asides: Asides;
  readonly timing: MirrorTiming;
  readonly logger: Logger;
  /** Ask the source. @param signals end what is asked, beside the end of the mirror @param limitMs absent: as for any answer */
  ask(signals?: readonly (AbortSignal | undefined)[], limitMs?: number): Asking;
}

/** Blobs that were looked at for themselves while all are looked at: what the list tells of them may be older. */
export interface Asides {
  /** A look at everything begins. */
  begin(): void;
  end(): void;
  add(namespace: string, digest: string): void;
  has(namespace: string, digest: string): boolean;
}

/** No look is under way. */
export function createAsides(): Asides {
  const seen = new Set<string>();
  let running = false;
  return {
    begin() {
      running = true;
      seen.clear();
    },
    end() {
      running = false;
      seen.clear();
    },
    add(namespace, digest) {
      if (running) seen.add(`${namespace} ${digest}`);
    },
    has: (namespace, digest) => seen.has(`${namespace} ${digest}`),
  };
}
