import { feedTiming } from "../../server/feed/timing.ts";
import { builtinPlugins } from "../../server/plugins/builtin.ts";
import type { Plugin } from "../../server/plugins/plugin.ts";
import { createStowageContent, stowageContentPlugin } from "../../server/services/stowage-content.ts";

/** What a server is made of, on which an ingest is stalled after 0.3 s without a byte. */
export const quickStall: readonly Plugin[] = builtinPlugins.map((plugin) =>
  plugin === stowageContentPlugin
    ? {
        ...stowageContentPlugin,
        async open(context) {
          const timing = { ...feedTiming, stalledMs: 300, tickMs: 50 };
          return createStowageContent(context.get("metadata"), { stopping: context.stopping, timing });
        },
      }
    : plugin,
);
