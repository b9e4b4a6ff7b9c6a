import { z } from "zod";
import { feedTiming } from "../feed/timing.ts";
import { definePlugin } from "../plugins/plugin.ts";
import { sharedAuthenticator } from "../policy/authenticate.ts";
import { sharedStreamPlaces } from "../policy/stream-places.ts";
import { createMetrics } from "./metrics.ts";

/** Numbers of the server for Prometheus; the listener for people answers with them. */
export const metricsPlugin = definePlugin({
  type: "metrics",
  id: "prometheus",
  requires: [
    { type: "metadata" },
    { type: "stores" },
    { type: "collector", optional: true },
    { type: "audit", optional: true },
    { type: "auth", optional: true },
  ],
  config: z.strictObject({}),
  async open({ get, all, listeners, root, version }) {
    const metadata = get("metadata");
    const [collector] = all("collector");
    const [audit] = all("audit");
    const auth = sharedAuthenticator(all("auth"));
    const { stalledMs } = feedTiming;
    const streams = sharedStreamPlaces(metadata);
    return createMetrics({
      metadata,
      streams,
      stores: get("stores").all,
      certificates: () => listeners().flatMap((listener) => listener.certificates?.() ?? []),
      root,
      version,
      stalledMs,
      ...(collector && { collector }),
      ...(audit && { audit }),
      ...(auth && { auth }),
    });
  },
});
