import { expect, test } from "vitest";
import { z } from "zod";
import type { Plugin } from "../../../server/plugins/plugin.ts";
import { definePlugin } from "../../../server/plugins/plugin.ts";
import { inMemory } from "../listen/serve.ts";
import { digestsIn, memoryStore, put, serveSeveral } from "./several.ts";

/** A service that does not open over a further store. */
const fails = definePlugin({
  type: "service",
  id: "fails",
  requires: [{ type: "metadata" }],
  config: z.strictObject({}),
  async open({ root }) {
    if (root.endsWith("second")) throw new Error("it is broken");
    return { register: () => undefined };
  },
});

test("what of a further store does not open is in the log, and the rest of it is served", async () => {
  const { store, text } = await serveSeveral([memoryStore("second")], {
    plugins: [...inMemory, fails as unknown as Plugin],
  });
  const digest = await put(store("second"), "x");
  expect(await digestsIn(store("second"))).toEqual([digest]);
  const lines = text()
    .split("\n")
    .filter((line) => line.includes("it is broken"));
  expect(lines).toEqual([expect.stringMatching(/"store":"second".*"plugin":"service\/fails".*plugin failed/)]);
});
