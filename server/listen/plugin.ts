import { z } from "zod";
import type { PluginContext } from "../plugins/plugin.ts";
import { definePlugin } from "../plugins/plugin.ts";
import type { Dashboard } from "./dashboard.ts";
import { openDashboard } from "./dashboard.ts";
import { createDownload, downloadPath } from "./download.ts";
import { createExport, exportPath } from "./export/export.ts";
import { openListener } from "./listener.ts";
import { createMetricsHandler } from "./metrics.ts";
import { tcpAddress } from "./tcp-address.ts";
import { webOrigin } from "./web-origin.ts";

const config = z.strictObject({
  /** TCP addresses. */
  listen: z.array(tcpAddress).default([]),
  /** Paths of unix sockets. */
  sockets: z.array(z.string().min(1)).default([]),
  /** Origins whose pages may call and download, beside the server's own. */
  allowOrigins: z.array(webOrigin).default([]),
  /** Folder of the built pages; absent: none are served. */
  dashboard: z.string().optional(),
});

/** Serves all services, downloads, metrics and the dashboard on TCP addresses and unix sockets. */
export const httpListenerPlugin = definePlugin({
  type: "listener",
  id: "http",
  requires: [{ type: "service" }, { type: "metadata" }, { type: "metrics", optional: true }],
  config,
  exports: ({ urls }) => ({ urls: urls.join(" ") }),
  async open(context) {
    const { logger, config: settings, stopping } = context;
    const dashboard = await openPages(context);
    const metadata = context.get("metadata");
    const [metrics] = context.all("metrics");
    return await openListener({
      tcp: settings.listen,
      sockets: settings.sockets,
      allowedOrigins: settings.allowOrigins,
      services: context.all("service"),
      downloads: new Map([
        [downloadPath, createDownload(metadata, logger)],
        [exportPath, createExport(metadata, logger)],
      ]),
      ...(metrics && { metrics: createMetricsHandler(metrics, logger), meter: metrics.calls }),
      ...(dashboard && { dashboard }),
      ready: () => !stopping.aborted && context.listeners().length > 0,
      logger,
      stopping,
    });
  },
});

async function openPages({
  config: { dashboard },
  logger,
}: PluginContext<z.infer<typeof config>>): Promise<Dashboard | undefined> {
  if (dashboard === undefined) return undefined;
  const pages = await openDashboard(dashboard);
  if (pages === undefined) logger.warn("the pages are not built; npm start builds them");
  return pages;
}
