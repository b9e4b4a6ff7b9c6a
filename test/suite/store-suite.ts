import { afterAll, beforeEach, describe, expect } from "vitest";
import type { Store } from "../../content/store.ts";
import { statesAborting } from "./aborting.ts";
import { statesBlobs } from "./blobs.ts";
import { statesCommitting } from "./committing.ts";
import { statesIngests } from "./ingests.ts";
import { statesLabels } from "./labels.ts";
import { statesReading } from "./reading.ts";
import { statesWalking } from "./walking.ts";
import { statesWriting } from "./writing.ts";

/** What not every Store does alike. */
export interface StoreFeatures {
  /** Blobs have labels; otherwise labels are refused. */
  readonly labels: boolean;
  /** Writers that race for one ref; absent: 100. */
  readonly openers?: number;
  /** How a commit fails that an abort overtakes: `any`, with whatever befell it. Absent: as aborted. */
  readonly overtakenCommit?: "any";
  /** What it does otherwise, by the title of the test that tells: that one must fail. Absent: nothing. */
  readonly differences?: Readonly<Record<string, string>>;
}

/** Opens an empty store for one test, and registers with onTestFinished what is to be cleaned up after it. */
export type OpenStore = () => Promise<Store>;

/**
 * The contract of content/store.ts, stated for one store; every store passes it, near or far, bare or under metadata.
 *
 * It sees nothing but the Store: what a store does on its disk is stated beside that store.
 */
export function describeStore(name: string, open: OpenStore, features: StoreFeatures): void {
  describe(name, () => {
    expectDifferences(features.differences ?? {});
    statesWriting(open, features);
    statesIngests(open);
    statesCommitting(open);
    statesAborting(open, features);
    statesReading(open);
    statesWalking(open);
    statesBlobs(open);
    statesLabels(open, features);
  });
}

/** A test that a difference is told of is to fail, and each difference is to have its test. */
function expectDifferences(differences: Readonly<Record<string, string>>): void {
  const met = new Set<string>();
  beforeEach(({ task }) => {
    if (!Object.hasOwn(differences, task.name)) return;
    met.add(task.name);
    Object.assign(task, { fails: true });
  });
  afterAll(() => expect([...met].toSorted()).toEqual(Object.keys(differences).toSorted()));
}
