import { Code, ConnectError } from "@connectrpc/connect";
import type { Logger } from "pino";
import type { Listener, ServedCertificate } from "../plugins/listener.ts";
import type { Service } from "../plugins/service.ts";
import type { Authenticator } from "../policy/authenticate.ts";
import type { CallAudit } from "../policy/call-audit.ts";
import type { CallMeter } from "../policy/call-meter.ts";
import type { Policy } from "../policy/interceptor.ts";
import { createPolicy } from "../policy/interceptor.ts";
import type { Download } from "./attachment.ts";
import type { TcpAddress } from "./bind.ts";
import { bindSocket, bindTcp } from "./bind.ts";
import { byStore } from "./by-store.ts";
import type { Dashboard } from "./dashboard.ts";
import type { Endpoint } from "./endpoint.ts";
import { createEndpoint } from "./endpoint.ts";
import { createDirectGrpc } from "./grpc/grpc.ts";
import { createHandler, createStreamHandler } from "./handler.ts";
import type { LiveCertificate } from "./live-certificate.ts";
import type { MetricsHandler } from "./metrics.ts";
import { createRpc } from "./rpc.ts";
import type { Exposure, OpenSite } from "./site.ts";
import { openSite } from "./site.ts";

/** What is served, and where. */
export interface ListenerOptions {
  readonly tcp: readonly TcpAddress[];
  /** Paths of unix sockets. */
  readonly sockets: readonly string[];
  /** Who else than this machine is to reach the TCP addresses; absent: nobody. */
  readonly exposure?: Exposure;
  /** What answers calls that name no store. */
  readonly services: readonly Service[];
  /** What answers calls about each further store, by their names; absent: there are none. */
  readonly storeServices?: ReadonlyMap<string, readonly Service[]>;
  /** @returns the name of the store that a call is about. @param name empty: it names none @throws `not-found`; absent: there is one */
  readonly storeName?: (name: string) => string;
  /** By their paths; absent: none. */
  readonly downloads?: ReadonlyMap<string, Download>;
  /** Answers with numbers of the server; absent: none are told. */
  readonly metrics?: MetricsHandler;
  /** Says who calls; absent: everybody may do everything. */
  readonly auth?: Authenticator;
  /** Is told of every call; absent: nobody is. */
  readonly meter?: CallMeter;
  /** Is told of every call that changes something; absent: nobody is. */
  readonly audit?: CallAudit;
  /** Absent: no pages. */
  readonly dashboard?: Dashboard;
  /** Origins whose pages may call and download, beside the server's own; absent: none. */
  readonly allowedOrigins?: readonly string[];
  /** The namespace of every call, whatever it says; absent: each call says its own. */
  readonly namespace?: string;
  readonly logger: Logger;
  /** Aborted when the server begins to stop. */
  readonly stopping: AbortSignal;
  /** True when every plugin that is needed is open. */
  ready(): boolean;
}

/** How long calls that were told to end may take before their connection is cut, in milliseconds. */
const lastWordsMs = 500;

/** How long their handlers may take after that, in milliseconds. */
const handlersMs = 5000;

/**
 * Serve the same on several addresses; all of them, or none.
 *
 * @throws StartError for an address that cannot be had or may not be listened on, and for a certificate that cannot be used
 */
export async function openListener(options: ListenerOptions): Promise<Listener> {
  const { logger, stopping, namespace, services, storeServices, storeName } = options;
  const { downloads, metrics, auth, meter, dashboard, ready } = options;
  const policy = createPolicy(logger, {
    ...(namespace !== undefined && { namespace }),
    ...(storeName && { storeName }),
    ...(auth && { auth }),
    ...(meter && { meter }),
    ...(options.audit && { audit: options.audit }),
  });
  const shutdown = new AbortController();
  const shared = {
    rpc: byStore(services, storeServices, (served) => createRpc(served, policy, shutdown.signal, logger)),
    grpc: byStore(services, storeServices, (served) => createDirectGrpc(served, policy, shutdown.signal)),
    downloads: downloads ?? new Map(),
    ...(metrics && { metrics }),
    ...(auth && { auth }),
    ...(meter && { meter }),
    ...(dashboard && { dashboard }),
    allowedOrigins: new Set(options.allowedOrigins),
    ready,
    draining: () => stopping.aborted,
  };
  const endpoints: Endpoint[] = [];
  const urls: string[] = [];
  const live = new Map<string, LiveCertificate>();
  const add = async (opened: OpenSite | undefined, bind: (endpoint: Endpoint) => Promise<string>): Promise<void> => {
    const here = { ...shared, local: opened === undefined, ...(opened && { site: opened.site }) };
    const endpoint = createEndpoint(createHandler(here), createStreamHandler(here), opened?.certificate);
    endpoints.push(endpoint);
    const url = await bind(endpoint);
    urls.push(url);
    if (opened?.certificate) live.set(new URL(url).host, opened.certificate);
  };
  const close = (deadline: AbortSignal) => closeAll(endpoints, policy, shutdown, deadline);
  try {
    for (const address of options.tcp) {
      const opened = await openSite(address, options.exposure ?? {}, logger);
      await add(opened, ({ server }) => bindTcp(server, address));
    }
    for (const path of options.sockets) await add(undefined, ({ server }) => bindSocket(server, path));
  } catch (error) {
    await close(AbortSignal.abort());
    throw error;
  }
  return { urls, certificates: () => certificatesOf(live), close };
}

function certificatesOf(live: ReadonlyMap<string, LiveCertificate>): readonly ServedCertificate[] {
  return [...live].map(([address, { expires }]) => ({ address, expires }));
}

/**
 * Let calls end until the deadline; then tell those that are left, and cut them. Settled once no handler runs any more, or
 * heeds what it was told.
 */
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
  await policy.idle(handlersMs);
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}
