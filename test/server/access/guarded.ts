import { join } from "node:path";
import type { DescMethod, MessageInitShape } from "@bufbuild/protobuf";
import { Code, ConnectError, createClient, createConnectRouter } from "@connectrpc/connect";
import { createConnectTransport, createGrpcTransport } from "@connectrpc/connect-node";
import { onTestFinished } from "vitest";
import { z } from "zod";
import type { CreateTokenRequestSchema } from "../../../gen/stowage/v1/access_pb.js";
import { AccessService, Role } from "../../../gen/stowage/v1/access_pb.js";
import { builtinPlugins } from "../../../server/plugins/builtin.ts";
import { definePlugin } from "../../../server/plugins/plugin.ts";
import type { Service } from "../../../server/plugins/service.ts";
import type { ServerOptions } from "../../../server/server.ts";
import { openServer } from "../../../server/server.ts";
import { memoryStorePlugin } from "../../../server/stores/memory/plugin.ts";
import { grpcTransport } from "../../support/grpc.ts";
import { createLog } from "../../support/log.ts";
import { makeTempDir } from "../../support/temp-dir.ts";
import { ask } from "../listen/serve.ts";

/** The ways in over TCP: Connect's handlers, and the short way that content has. */
const transports = {
  connect: (baseUrl: string) => createConnectTransport({ baseUrl, httpVersion: "2" }),
  grpc: (baseUrl: string) => createGrpcTransport({ baseUrl }),
} as const;

export type Way = keyof typeof transports;

/**
 * A server with sign-in, over its own store and one that is called `second`, for one test.
 *
 * @param options absent members: as a server of the config `[auth.tokens]`
 */
export async function serveGuarded(options: Partial<ServerOptions> = {}) {
  const root = await makeTempDir();
  const { logger, text } = createLog();
  let services: readonly Service[] = [];
  const probe = definePlugin({
    type: "listener",
    id: "probe",
    requires: [{ type: "service" }],
    config: z.strictObject({}),
    async open({ all }) {
      services = all("service");
      return { urls: [], close: async () => undefined };
    },
  });
  const others = [{ name: "second", plugin: memoryStorePlugin, config: {} }];
  const open = async (more: Partial<ServerOptions> = {}) => {
    const all = { ...options, ...more };
    const server = await openServer({
      plugins: [...builtinPlugins, probe],
      root,
      listen: [{ host: "127.0.0.1", port: 0 }],
      logger,
      ...all,
      config: { "auth/tokens": {}, "stores/configured": { others }, ...all.config },
    });
    onTestFinished(() => server.close(0));
    const [url = ""] = server.urls;
    return { server, url };
  };
  const { server, url } = await open();
  const socket = join(root, "stowage.sock");
  const admin = createClient(AccessService, grpcTransport(socket));
  let made = 0;
  return {
    server,
    url,
    root,
    socket,
    log: text,
    /** Stop it, and start it again on the same data. @param more in the place of `options` */
    async reopen(more: Partial<ServerOptions> = {}) {
      await server.close(0);
      return await open(more);
    },
    /** As one on the unix socket. */
    admin,
    /** A connection of its own. */
    dial: (way: Way) => transports[way](url),
    /** Every method that the server serves. */
    methods: (): readonly DescMethod[] => {
      const router = createConnectRouter();
      for (const service of services) service.register(router);
      return router.handlers.map(({ method }) => method);
    },
    /** Make a token. @returns its text */
    async token(draft: Partial<MessageInitShape<typeof CreateTokenRequestSchema>> = {}): Promise<string> {
      made += 1;
      const all = { name: `t-${made}`, role: Role.ADMIN, stores: ["*"], namespaces: ["*"] };
      return (await admin.createToken({ ...all, ...draft })).text;
    },
  };
}

export type Guarded = Awaited<ReturnType<typeof serveGuarded>>;

/** Headers of a call by a token. */
export function bearer(token: string): Record<string, string> {
  return { authorization: `Bearer ${token}` };
}

/** How a call ended: `ok`, or the name of its code. */
export async function outcomeOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return "ok";
  } catch (error) {
    return Code[ConnectError.from(error).code];
  }
}

/** A call of Connect by hand, as a browser makes it. */
export function post(url: string, method: string, message: object, headers: Record<string, string> = {}) {
  const json = { "content-type": "application/json", ...headers };
  return ask(`${url}/${method}`, { method: "POST", headers: json, body: JSON.stringify(message) });
}

/** Trade a token for a cookie, as a browser does. */
export const signIn = (url: string, token: string, headers?: Record<string, string>) =>
  post(url, "stowage.v1.AccessService/SignIn", { token }, headers);

/** Sign in. @returns the cookie, as a browser sends it back */
export async function cookieOf(url: string, token: string): Promise<Record<string, string>> {
  const { headers } = await signIn(url, token);
  return { cookie: headers["set-cookie"]?.[0]?.split(";")[0] ?? "" };
}

/** What everybody may call who is signed in. */
export const listStores = "stowage.v1.ServerService/ListStores";
