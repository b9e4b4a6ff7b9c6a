import { z } from "zod";
import { definePlugin } from "../../plugins/plugin.ts";
import { openLocalStore } from "./store.ts";

/** Keeps bytes as files in the data directory. */
export const localStorePlugin = definePlugin({
  type: "store",
  id: "local",
  requires: [],
  config: z.strictObject({}),
  open: ({ root }) => openLocalStore(root),
});
