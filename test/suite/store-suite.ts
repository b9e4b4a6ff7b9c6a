import { describe } from "vitest";
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
  /**
   * A writer holds its ref from its open to its close; absent: yes. A remote writer without two-way streams does not:
   * it holds the ref during a call.
   */
  readonly holdsRefs?: boolean;
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
    statesWriting(open, features);
    statesIngests(open, features);
    statesCommitting(open);
    statesAborting(open, features);
    statesReading(open);
    statesWalking(open);
    statesBlobs(open);
    statesLabels(open, features);
  });
}
