import type { Connection } from "../database/connection.ts";

/**
 * Which change of the feed the database has last, for threads that read it beside its writer.
 *
 * A number that is odd while a commit is made tells a thread that began to read meanwhile to begin anew; nobody waits for a
 * reader.
 */
export interface SharedSequence {
  /** For the threads. */
  readonly memory: SharedArrayBuffer;
  /** A commit is about to be made; `committed` is to be called in the same turn. */
  committing(): void;
  /** It was made, and its changes are numbered up to there; or it failed. */
  committed(sequence: number): void;
}

/** Where what is in the memory. */
const [turnIndex, sequenceIndex] = [0, 1];

/** How long a reader waits for a commit before it looks again, in milliseconds. */
const commitMs = 1;

/** No change yet. */
export function createSharedSequence(): SharedSequence {
  const memory = new SharedArrayBuffer(2 * Float64Array.BYTES_PER_ELEMENT);
  const turns = new Int32Array(memory);
  const numbers = new Float64Array(memory);
  return {
    memory,
    committing() {
      Atomics.add(turns, turnIndex, 1);
    },
    committed(sequence) {
      numbers[sequenceIndex] = sequence;
      Atomics.add(turns, turnIndex, 1);
      Atomics.notify(turns, turnIndex);
    },
  };
}

/**
 * Begin a transaction that reads.
 *
 * @param check throws when nobody waits for it any more
 * @returns the number of the last change that it sees
 */
export function beginView(view: Connection, memory: SharedArrayBuffer, check: () => void): number {
  const turns = new Int32Array(memory);
  const numbers = new Float64Array(memory);
  for (;;) {
    check();
    const turn = Atomics.load(turns, turnIndex);
    if (turn % 2 !== 0) {
      Atomics.wait(turns, turnIndex, turn, commitMs);
      continue;
    }
    const sequence = numbers[sequenceIndex] ?? 0;
    // A transaction begins with its first read.
    view.exec("BEGIN; SELECT 1 FROM total");
    if (Atomics.load(turns, turnIndex) === turn) return sequence;
    view.exec("ROLLBACK");
  }
}
