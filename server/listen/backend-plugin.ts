import { z } from "zod";
import type { Listener } from "../plugins/listener.ts";
import { definePlugin } from "../plugins/plugin.ts";
import { requiredAuthenticator } from "../policy/authenticate.ts";
import { openListener } from "./listener.ts";
import { tcpAddress } from "./tcp-address.ts";

const config = z.strictObject({
  backends: z
    .array(
      z.strictObject({
        namespace: z.string().min(1),
        address: tcpAddress.optional(),
        /** Path of a unix socket. */
        socket: z.string().min(1).optional(),
      }),
    )
    .default([]),
});

/**
 * Serves content alone to containerds that have it as their content store, each in the one namespace of its address. What a call
 * says of namespaces and leases is not read: a containerd may send those of its own clients, and sends none when it collects.
 */
export const backendListenerPlugin = definePlugin({
  type: "listener",
  id: "backend",
  requires: [
    { type: "service", id: "content" },
    { type: "stores", optional: true },
    { type: "metrics", optional: true },
    { type: "auth", optional: true },
    { type: "audit", optional: true },
  ],
  config,
  exports: ({ urls }) => ({ urls: urls.join(" ") }),
  async open({ config: { backends }, logger, stopping, signIn, get, all }): Promise<Listener> {
    const services = [get("service", "content")];
    const [metrics] = all("metrics");
    const [audit] = all("audit");
    const auth = requiredAuthenticator(all("auth"), signIn);
    const [stores] = all("stores");
    const counted = {
      ...(stores && { storeName: () => stores.default.name }),
      ...(metrics && { meter: metrics.calls }),
      ...(audit && { audit: audit.calls }),
      ...(auth && { auth }),
    };
    const listeners: Listener[] = [];
    const close = async (deadline: AbortSignal): Promise<void> => {
      await Promise.all(listeners.map((listener) => listener.close(deadline)));
    };
    try {
      for (const { namespace, address, socket } of backends) {
        const where = { tcp: address ? [address] : [], sockets: socket === undefined ? [] : [socket] };
        const ready = () => !stopping.aborted;
        listeners.push(await openListener({ ...where, ...counted, namespace, services, logger, stopping, ready }));
      }
    } catch (error) {
      await close(AbortSignal.abort());
      throw error;
    }
    const certificates = () => listeners.flatMap((listener) => listener.certificates?.() ?? []);
    return { urls: listeners.flatMap(({ urls }) => urls), backend: true, certificates, close };
  },
});
