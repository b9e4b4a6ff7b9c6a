import { onTestFinished } from "vitest";
import { openLocalStore } from "../../../server/stores/local/store.ts";
import { describeStore } from "../../suite/store-suite.ts";
import { makeTempDir } from "../../support/temp-dir.ts";

async function open() {
  const store = await openLocalStore(await makeTempDir());
  onTestFinished(() => store[Symbol.asyncDispose]());
  return store;
}

describeStore("the local store", open, { labels: false });
