import type { Logger } from "pino";
import { z } from "zod";
import type { PluginContext } from "../plugins/plugin.ts";
import { definePlugin } from "../plugins/plugin.ts";
import type { Service } from "../plugins/service.ts";
import { requiredAuthenticator } from "../policy/authenticate.ts";
import type { StoreSet } from "../store-set/store-set.ts";
import { auditPath, createAuditDownload } from "./audit.ts";
import type { Dashboard } from "./dashboard.ts";
import { openDashboard } from "./dashboard.ts";
import { openListener } from "./listener.ts";
import { createMetricsHandler } from "./metrics.ts";
import type { Exposure } from "./site.ts";
import { createStoreDownloads } from "./store-downloads.ts";
import { tcpAddress } from "./tcp-address.ts";
import { publicUrl, trustedProxy, webOrigin } from "./web-origin.ts";

const config = z.strictObject({
  /** TCP addresses. */
  listen: z.array(tcpAddress).default([]),
  /** Paths of unix sockets. */
  sockets: z.array(z.string().min(1)).default([]),
  /** Origins whose pages may call and download, beside the server's own. */
  allowOrigins: z.array(webOrigin).default([]),
  /** Who else than this machine is to reach the TCP addresses. */
  exposure: z
    .strictObject({
      hasAuth: z.boolean().optional(),
      publicUrl: publicUrl.optional(),
      trustedProxies: z.array(trustedProxy).optional(),
    })
    .default({}),
  /** Folder of the built pages; absent: none are served. */
  dashboard: z.string().optional(),
});

/** Serves all services, downloads, metrics and the dashboard on TCP addresses and unix sockets. */
export const httpListenerPlugin = definePlugin({
  type: "listener",
  id: "http",
  requires: [
    { type: "service" },
    { type: "stores" },
    { type: "metrics", optional: true },
    { type: "audit", optional: true },
    { type: "auth", optional: true },
  ],
  config,
  exports: ({ urls }) => ({ urls: urls.join(" ") }),
  async open(context) {
    const { logger, config: settings, stopping } = context;
    const dashboard = await openPages(context);
    const stores = context.get("stores");
    const services = context.all("service");
    const [metrics] = context.all("metrics");
    const [audit] = context.all("audit");
    const auth = requiredAuthenticator(context.all("auth"), context.signIn);
    warnOfProxies(settings.exposure, logger);
    return await openListener({
      tcp: settings.listen,
      sockets: settings.sockets,
      allowedOrigins: settings.allowOrigins,
      exposure: settings.exposure,
      services,
      storeServices: servicesByStore(stores, services),
      storeName: (name) => stores.find(name).name,
      downloads: new Map([
        ...createStoreDownloads(stores, logger),
        ...(audit ? [[auditPath, createAuditDownload(audit, logger)] as const] : []),
      ]),
      ...(metrics && { metrics: createMetricsHandler(metrics, logger), meter: metrics.calls }),
      ...(audit && { audit: audit.calls }),
      ...(auth && { auth }),
      ...(dashboard && { dashboard }),
      ready: () => !stopping.aborted && context.listeners().length > 0,
      logger,
      stopping,
    });
  },
});

/** What answers calls over each further store: what works over it, and what is the same over all. */
function servicesByStore(stores: StoreSet, services: readonly Service[]): ReadonlyMap<string, readonly Service[]> {
  const ofServer = services.filter((service) => service.ofServer === true);
  return new Map(stores.all.flatMap(({ name, services: own }) => (own ? [[name, [...own, ...ofServer]]] : [])));
}

/** A proxy may sign people in by itself, so it is not refused. */
function warnOfProxies({ publicUrl: shown, hasAuth = false }: Exposure, logger: Logger): void {
  if (shown === undefined || hasAuth) return;
  logger.warn({ publicUrl: shown }, "without sign-in, everybody whom the proxy lets through may do everything");
}

async function openPages({
  config: { dashboard },
  logger,
}: PluginContext<z.infer<typeof config>>): Promise<Dashboard | undefined> {
  if (dashboard === undefined) return undefined;
  const pages = await openDashboard(dashboard);
  if (pages === undefined) logger.warn("the pages are not built; npm start builds them");
  return pages;
}
