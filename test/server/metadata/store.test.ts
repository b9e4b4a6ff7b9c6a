import { onTestFinished } from "vitest";
import { openLocalStore } from "../../../server/stores/local/store.ts";
import { describeStore } from "../../suite/store-suite.ts";
import { makeTempDir } from "../../support/temp-dir.ts";
import { openTestMetadata } from "./support.ts";

describeStore(
  "a namespace of the metadata over memory",
  async () => (await openTestMetadata()).metadata.in({ namespace: "a" }),
  { labels: true },
);

describeStore(
  "a namespace of the metadata over local files",
  async () => {
    const root = await makeTempDir();
    const below = await openLocalStore(root);
    onTestFinished(() => below[Symbol.asyncDispose]());
    return (await openTestMetadata({ root, below })).metadata.in({ namespace: "a" });
  },
  { labels: true },
);
