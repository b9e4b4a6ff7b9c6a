import { z } from "zod";
import { definePlugin } from "../../plugins/plugin.ts";
import { createMemoryStore } from "./store.ts";

/** Keeps bytes in memory, for tests and trials. */
export const memoryStorePlugin = definePlugin({
  type: "store",
  id: "memory",
  requires: [],
  config: z.strictObject({}),
  open: async () => createMemoryStore(),
});
