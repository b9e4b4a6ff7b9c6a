import { onTestFinished } from "vitest";
import { createMemoryStore } from "../../../server/stores/memory/store.ts";
import { describeStore } from "../../suite/store-suite.ts";

async function open() {
  const store = createMemoryStore();
  onTestFinished(() => store[Symbol.asyncDispose]());
  return store;
}

describeStore("the memory store", open, { labels: false });
