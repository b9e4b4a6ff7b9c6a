import { z } from "zod";
import { definePlugin } from "../plugins/plugin.ts";
import { openMetadata } from "./sqlite.ts";

/** Namespaces, labels and queries in SQLite, over the one store. */
export const sqliteMetadataPlugin = definePlugin({
  type: "metadata",
  id: "sqlite",
  requires: [{ type: "store" }],
  config: z.strictObject({
    /** See sharing.ts; absent: isolated where people sign in, since they may not see each other's namespaces. */
    content_sharing_policy: z.enum(["shared", "isolated"]).optional(),
  }),
  open({ root, logger, backends, signIn, config, get }) {
    const sharing = config.content_sharing_policy ?? (signIn ? "isolated" : "shared");
    return openMetadata({ root, logger, backends, sharing, below: get("store") });
  },
});
