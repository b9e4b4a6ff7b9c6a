import { z } from "zod";
import { definePlugin } from "../plugins/plugin.ts";
import { openMetadata } from "./sqlite.ts";

/** Namespaces, labels and queries in SQLite, over the one store. */
export const sqliteMetadataPlugin = definePlugin({
  type: "metadata",
  id: "sqlite",
  requires: [{ type: "store" }],
  config: z.strictObject({
    /** See sharing.ts. */
    content_sharing_policy: z.enum(["shared", "isolated"]).default("shared"),
  }),
  open: ({ root, logger, backends, config, get }) =>
    openMetadata({ root, logger, backends, sharing: config.content_sharing_policy, below: get("store") }),
});
