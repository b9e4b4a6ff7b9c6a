import { z } from "zod";
import { definePlugin } from "../plugins/plugin.ts";
import { openMetadata } from "./sqlite.ts";

/** Namespaces, labels and queries in SQLite, over the one store. */
export const sqliteMetadataPlugin = definePlugin({
  type: "metadata",
  id: "sqlite",
  requires: [{ type: "store" }],
  config: z.strictObject({}),
  open: ({ root, logger, get }) => openMetadata({ root, logger, below: get("store") }),
});
