import { afterAll, beforeEach, describe, expect } from "vitest";
import { statesAborting } from "./aborting.ts";
import { statesBlobs } from "./blobs.ts";
import { statesCommitting } from "./committing.ts";
import { statesIngests } from "./ingests.ts";
import { statesLabels } from "./labels.ts";
import type { OpenStore, StoreFeatures } from "./open-store.ts";
import { statesReading } from "./reading.ts";
import { statesWalking } from "./walking.ts";
import { statesWriting } from "./writing.ts";

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
    statesCommitting(open, features);
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
