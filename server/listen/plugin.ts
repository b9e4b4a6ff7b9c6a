import { Code, ConnectError } from "@connectrpc/connect";
import { z } from "zod";
import type { Listener, PluginContext } from "../plugins/plugin.ts";
import { definePlugin } from "../plugins/plugin.ts";
import type { Policy } from "../policy/interceptor.ts";
import { createPolicy } from "../policy/interceptor.ts";
import { isLoopbackHost } from "../policy/origin.ts";
import { bindSocket, bindTcp } from "./bind.ts";
import type { Dashboard } from "./dashboard.ts";
import { openDashboard } from "./dashboard.ts";
import { createDownload } from "./download.ts";
import type { Endpoint } from "./endpoint.ts";
import { createEndpoint } from "./endpoint.ts";
import { createHandler } from "./handler.ts";
import { createRpc } from "./rpc.ts";

const config = z.strictObject({
  /** TCP addresses. */
  listen: z
    .array(
      z.strictObject({
        host: z.string().refine(isLoopbackHost, "only a loopback address, such as 127.0.0.1: there is no sign-in yet"),
        port: z.int().min(0).max(65535),
      }),
    )
    .default([]),
  /** Paths of unix sockets. */
  sockets: z.array(z.string().min(1)).default([]),
  /** Folder of the built pages; absent: none are served. */
  dashboard: z.string().optional(),
});

type Config = z.infer<typeof config>;

/** How long calls that were told to end may take before their connection is cut, in milliseconds. */
const lastWordsMs = 500;

/** Serves all services, downloads and the dashboard on TCP addresses and unix sockets. */
export const httpListenerPlugin = definePlugin({
  type: "listener",
  id: "http",
  requires: [{ type: "service" }, { type: "metadata" }],
  config,
  open: openListener,
});

async function openListener(context: PluginContext<Config>): Promise<Listener> {
  const { logger, config: settings, stopping } = context;
  const policy = createPolicy(logger);
  const shutdown = new AbortController();
  const dashboard = await openPages(context);
  const shared = {
    rpc: createRpc(context.all("service"), policy, shutdown.signal, logger),
    download: createDownload(context.get("metadata"), logger),
    ...(dashboard && { dashboard }),
    ready: () => !stopping.aborted && context.listeners().length > 0,
    draining: () => stopping.aborted,
  };
  const endpoints: Endpoint[] = [];
  const urls: string[] = [];
  const add = async (local: boolean, bind: (endpoint: Endpoint) => Promise<string>): Promise<void> => {
    const endpoint = createEndpoint(createHandler({ ...shared, local }));
    urls.push(await bind(endpoint));
    endpoints.push(endpoint);
  };
  const close = (deadline: AbortSignal) => closeAll(endpoints, policy, shutdown, deadline);
  try {
    for (const address of settings.listen) await add(false, ({ server }) => bindTcp(server, address));
    for (const path of settings.sockets) await add(true, ({ server }) => bindSocket(server, path));
  } catch (error) {
    await close(AbortSignal.abort());
    throw error;
  }
  return { urls, close };
}

async function openPages({ config: { dashboard }, logger }: PluginContext<Config>): Promise<Dashboard | undefined> {
  if (dashboard === undefined) return undefined;
  const pages = await openDashboard(dashboard);
  if (pages === undefined) logger.warn("the pages are not built; npm start builds them");
  return pages;
}

/** Let calls end until the deadline; then tell those that are left, and cut them. Settled once no handler runs any more. */
async function closeAll(
  endpoints: readonly Endpoint[],
  policy: Policy,
  shutdown: AbortController,
  deadline: AbortSignal,
): Promise<void> {
  const drained = Promise.all(endpoints.map((endpoint) => endpoint.drain()));
  await Promise.race([drained, aborted(deadline)]);
  shutdown.abort(new ConnectError("the server stops", Code.Unavailable));
  await Promise.race([drained, aborted(AbortSignal.timeout(lastWordsMs))]);
  for (const endpoint of endpoints) endpoint.destroy();
  await drained;
  await policy.idle();
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}
