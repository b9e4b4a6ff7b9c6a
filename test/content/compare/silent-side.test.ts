import { once } from "node:events";
import { expect, test } from "vitest";
import { compare } from "../../../content/compare.ts";
import { ContentError } from "../../../content/errors.ts";
import type { Store } from "../../../content/store.ts";

/** A store that says nothing until it is not asked any more. */
function silentStore() {
  const seen = { isEnded: false };
  const store: Pick<Store, "walk"> = {
    async *walk(_, signal) {
      if (signal === undefined) await new Promise(() => undefined);
      else await once(signal, "abort");
      seen.isEnded = true;
      throw new ContentError("cancelled", "the call was cancelled");
    },
  };
  return { store, seen };
}

const failing: Pick<Store, "walk"> = {
  // biome-ignore lint/correctness/useYield: it has nothing to tell.
  async *walk() {
    throw new ContentError("unavailable", "it is away");
  },
};

test("a side that fails ends the comparison, and what is asked of the other, which says nothing", async () => {
  const { store, seen } = silentStore();
  await expect(Array.fromAsync(compare(store, failing))).rejects.toThrow("side b: it is away");
  expect(seen.isEnded).toBe(true);
});

test("and so does one of several stores of a side", async () => {
  const { store, seen } = silentStore();
  await expect(Array.fromAsync(compare([store, failing], []))).rejects.toThrow("side a: it is away");
  expect(seen.isEnded).toBe(true);
});
