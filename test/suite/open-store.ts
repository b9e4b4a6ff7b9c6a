import type { Store } from "../../content/store.ts";

/** What not every Store does alike. */
export interface StoreFeatures {
  /** Blobs have labels; otherwise labels are refused. */
  readonly labels: boolean;
  /** Writers that race for one ref; absent: 100. */
  readonly openers?: number;
  /** How a commit fails that an abort overtakes: `any`, with whatever befell it. Absent: as aborted. */
  readonly overtakenCommit?: "any";
  /** How many of the commits of the same bytes at once say that they made the blob: `any`, at least one. Absent: one. */
  readonly winningCommits?: "any";
  /** What it does otherwise, by the title of the test that tells: that one must fail. Absent: nothing. */
  readonly differences?: Readonly<Record<string, string>>;
}

/** Opens an empty store for one test, and registers with onTestFinished what is to be cleaned up after it. */
export type OpenStore = () => Promise<Store>;
