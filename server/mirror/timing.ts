/** How often a source is looked at, and how long it may take. Tests hand in smaller numbers. Everything is in milliseconds. */
export interface MirrorTiming {
  /** Between two looks at ingests. */
  readonly ingestsMs: number;
  /** Between two looks at everything, at least and at most. */
  readonly leastMs: number;
  readonly mostMs: number;
  /** Between two looks at everything, as a multiple of what the source needed for the last one. */
  readonly restPerCost: number;
  /** Between a look and the next one that a hint asks for, at least. */
  readonly hintMs: number;
  /** The share of its time that a source may spend on looks that hints ask for, together with all others. */
  readonly share: number;
  /** What of that share may be saved up. */
  readonly savedMs: number;
  /** Nobody watches once no call came for so long. */
  readonly idleMs: number;
  /** The first call after a time in which nobody watched waits so long for a look. */
  readonly freshMs: number;
  /** A call waits so long for the very first look. */
  readonly firstMs: number;
  /** An answer of the source, or the next part of one, takes no longer. */
  readonly answerMs: number;
  /** A piece of a write, or a commit, takes no longer. */
  readonly writeMs: number;
  /** The first and the longest wait before a source that does not answer is asked again. */
  readonly retryMs: number;
  readonly longestRetryMs: number;
}

/** What a server uses. */
export const mirrorTiming: MirrorTiming = {
  ingestsMs: 2_000,
  leastMs: 2_000,
  mostMs: 60_000,
  restPerCost: 200,
  hintMs: 250,
  share: 0.009,
  savedMs: 300,
  idleMs: 15_000,
  freshMs: 1_000,
  firstMs: 10_000,
  answerMs: 10_000,
  writeMs: 60_000,
  retryMs: 500,
  longestRetryMs: 30_000,
};
