import { z } from "zod";
import { definePlugin } from "../plugins/plugin.ts";
import { openAudit } from "./audit.ts";
import { createCallAudit } from "./call-events.ts";
import { recordRemovals } from "./feed-events.ts";

const bytesPerMib = 1024 * 1024;

/** Who changed what, in a database of the server's own. */
export const auditPlugin = definePlugin({
  type: "audit",
  id: "sqlite",
  requires: [{ type: "stores" }],
  config: z.strictObject({
    /** Events go when they are so old; 0: never. */
    max_age_days: z.int().min(0).default(365),
    /** Events go when there are more. */
    max_records: z.int().min(1).default(1_000_000),
    /** Events go when they take more of the disk. */
    max_mib: z.int().min(1).default(512),
  }),
  async open({ root, config, logger, get }) {
    const stores = get("stores");
    const limits = {
      maxAgeDays: config.max_age_days,
      maxEvents: config.max_records,
      maxBytes: config.max_mib * bytesPerMib,
    };
    const audit = await openAudit({ root, limits, logger });
    for (const { name: store, feed } of stores.all) if (feed) recordRemovals(audit, { feed, store });
    return { ...audit, calls: createCallAudit(audit, stores.default.name) };
  },
});
