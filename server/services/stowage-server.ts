import { hostname } from "node:os";
import { resolve } from "node:path";
import { z } from "zod";
import { ServerService } from "../../gen/stowage/v1/server_pb.js";
import type { Listener, Service } from "../plugins/plugin.ts";
import { definePlugin } from "../plugins/plugin.ts";

/** How a listener names a socket. */
const socketScheme = "unix:";

/**
 * `stowage.v1.ServerService`: what a page needs to know about its server.
 *
 * @param listeners tells what is open at the time of a call
 */
export function createStowageServer(version: string, listeners: () => readonly Listener[]): Service {
  const getServer = () => ({ version, sockets: socketsOf(listeners()), host: hostname() });
  return { register: (router) => router.service(ServerService, { getServer }) };
}

/** Absolute paths of the sockets among the listeners' addresses. */
function socketsOf(listeners: readonly Listener[]): string[] {
  return listeners
    .filter(({ backend }) => backend !== true)
    .flatMap((listener) => listener.urls)
    .filter((url) => url.startsWith(socketScheme))
    .map((url) => resolve(url.slice(socketScheme.length)));
}

/** Serves `stowage.v1.ServerService`. */
export const stowageServerPlugin = definePlugin({
  type: "service",
  id: "stowage-server",
  requires: [],
  config: z.strictObject({}),
  async open(context) {
    return createStowageServer(context.version, () => context.listeners());
  },
});
