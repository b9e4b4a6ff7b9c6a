import { z } from "zod";
import { algorithms } from "../../../content/digest.ts";
import { definePlugin } from "../../plugins/plugin.ts";
import { openLocalStore } from "./store.ts";

/** Keeps bytes as files in the data directory. */
export const localStorePlugin = definePlugin({
  type: "store",
  id: "local",
  requires: [],
  config: z.strictObject({}),
  capabilities: algorithms,
  open: ({ root }) => openLocalStore(root),
});
