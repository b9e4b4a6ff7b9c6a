import { z } from "zod";
import { feedTiming } from "../feed/timing.ts";
import { definePlugin } from "../plugins/plugin.ts";
import { sharedStreamPlaces } from "../policy/stream-places.ts";
import { createMetrics } from "./metrics.ts";

/** Numbers of the server for Prometheus; the listener for people answers with them. */
export const metricsPlugin = definePlugin({
  type: "metrics",
  id: "prometheus",
  requires: [{ type: "metadata" }, { type: "collector", optional: true }],
  config: z.strictObject({}),
  async open({ get, all, root, version }) {
    const metadata = get("metadata");
    const [collector] = all("collector");
    const { stalledMs } = feedTiming;
    const streams = sharedStreamPlaces(metadata);
    return createMetrics({ metadata, streams, root, version, stalledMs, ...(collector && { collector }) });
  },
});
