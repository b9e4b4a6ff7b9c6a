/** When streams say what, and how much they hold. Tests hand in smaller numbers. */
export interface FeedTiming {
  /** Milliseconds between two bookmarks, at most. */
  readonly heartbeatMs: number;
  /** Least milliseconds between two bookmarks that only tell new counts. */
  readonly countsMs: number;
  /** A stream ends after so many milliseconds, give or take `ageSpread`. */
  readonly maxAgeMs: number;
  /** Fraction by which the ages of streams differ, so that they do not all come back at once. */
  readonly ageSpread: number;
  /** A locked ingest is stalled after so many milliseconds without a byte. */
  readonly stalledMs: number;
  /** The time whose mean rate is told, in milliseconds. */
  readonly rateWindowMs: number;
  /** Milliseconds between two looks at rates and stalled ingests. */
  readonly tickMs: number;
  /** How long a stream waits to hear of a change that a view of the store already had, in milliseconds. */
  readonly settleMs: number;
  /** Keys whose changes a stream holds for a reader; beyond it the reader gets the set again. */
  readonly pendingKeys: number;
  /** What those changes take in memory, at most, in bytes; beyond it likewise. */
  readonly pendingBytes: number;
  /** Rows of one message. */
  readonly batchRows: number;
  /** What those rows take in memory, at most, in bytes; one row may take more. */
  readonly batchBytes: number;
  /** Rows that are read in one turn of the event loop. */
  readonly pageRows: number;
}

/** What a server uses. */
export const feedTiming: FeedTiming = {
  heartbeatMs: 10_000,
  countsMs: 1_000,
  maxAgeMs: 30 * 60_000,
  ageSpread: 0.1,
  stalledMs: 30_000,
  rateWindowMs: 5_000,
  tickMs: 1_000,
  settleMs: 1_000,
  pendingKeys: 10_000,
  pendingBytes: 16 * 1024 * 1024,
  batchRows: 500,
  batchBytes: 1024 * 1024,
  pageRows: 250,
};
