import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient } from "@connectrpc/connect";
import { pino } from "pino";
import { onTestFinished } from "vitest";
import type { Digest } from "../../content/digest.ts";
import { parseDigest } from "../../content/parse-digest.ts";
import { headersOf } from "../../content/remote/call.ts";
import { createRemoteStore } from "../../content/remote/store.ts";
import type { Labels, Writer } from "../../content/store.ts";
import { WriteAction } from "../../gen/containerd/services/content/v1/content_pb.js";
import { ContentService } from "../../gen/stowage/v1/content_pb.js";
import { builtinPlugins } from "../../server/plugins/builtin.ts";
import type { Plugin } from "../../server/plugins/plugin.ts";
import type { RunningServer, ServerOptions } from "../../server/server.ts";
import { openServer } from "../../server/server.ts";
import type { Ctr } from "../support/ctr.ts";
import { createCtr } from "../support/ctr.ts";
import { grpcTransport } from "../support/grpc.ts";
import type { Outcome } from "../support/run.ts";
import { run } from "../support/run.ts";

/** A server with its pages, for one test. */
export interface PageServer {
  /** `http://127.0.0.1:PORT`; the same after `start`. */
  readonly url: string;
  /** Path of its socket. */
  readonly socket: string;
  readonly ctr: Ctr;
  /** Write a blob by one call. */
  put(namespace: string, bytes: string | Uint8Array, labels?: Labels): Promise<Digest>;
  /** Begin an ingest through gRPC. @param total bytes; 0 when unknown */
  write(namespace: string, ref: string, total: number): Promise<Writer>;
  /** Run a line in bash, in a folder of its own. */
  shell(line: string): Promise<Outcome>;
  /** Follows `url` in a browser, to sign in once; absent: nobody signs in so. Another one after `start`. */
  readonly fragment: string | undefined;
  /** Stop it, as SIGTERM does. */
  stop(): Promise<void>;
  /** Start it again after `stop`, on the same data and port. */
  start(): Promise<void>;
}

/** The pages that the build made. */
const dashboard = join(import.meta.dirname, "..", "..", "out");

/**
 * @param plugins what it is made of; absent: what a server is made of
 * @param options what else it is started with
 */
export async function startPageServer(
  plugins: readonly Plugin[] = builtinPlugins,
  options: Pick<ServerOptions, "config" | "oneTime"> = {},
): Promise<PageServer> {
  const root = await mkdtemp(join(tmpdir(), "stowage-"));
  const socket = join(root, "stowage.sock");
  const logger = pino({ level: "silent" });
  let server: RunningServer | undefined;
  let port = 0;

  async function start(): Promise<void> {
    const listen = [{ host: "127.0.0.1", port }];
    server = await openServer({ ...options, plugins, root, listen, sockets: [socket], dashboard, logger });
    port = Number(new URL(server.urls[0] ?? "").port);
  }

  async function stop(): Promise<void> {
    await server?.close(0);
    server = undefined;
  }

  onTestFinished(async () => {
    await stop();
    await rm(root, { recursive: true, force: true });
  });
  await start();
  const transport = grpcTransport(socket);
  const service = createClient(ContentService, transport);
  let puts = 0;
  return {
    url: `http://127.0.0.1:${port}`,
    socket,
    ctr: createCtr(socket),
    async put(namespace, content, labels = {}) {
      const data = typeof content === "string" ? new TextEncoder().encode(content) : content;
      puts += 1;
      const request = { action: WriteAction.COMMIT, ref: `put-${puts}`, data, labels };
      const { response } = await service.write({ request }, { headers: headersOf({ namespace }) });
      return parseDigest(response?.digest ?? "");
    },
    write(namespace, ref, total) {
      return createRemoteStore(transport, { namespace }).writer({ ref, descriptor: { size: total } });
    },
    async shell(line) {
      return run("bash", ["-c", line], { cwd: await mkdtemp(join(root, "shell-")) });
    },
    get fragment() {
      return server?.fragment;
    },
    stop,
    start,
  };
}
