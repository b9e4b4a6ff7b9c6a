import { randomUUID } from "node:crypto";
import type { Logger } from "pino";
import { listNamespaces } from "../../content/remote/namespaces.ts";
import { createRemoteStore } from "../../content/remote/store.ts";
import type { Download } from "../listen/attachment.ts";
import { downloadPath } from "../listen/download.ts";
import { exportPath } from "../listen/export/export.ts";
import { implementAll } from "../store-set/implement.ts";
import type { Relay } from "../store-set/relayed.ts";
import { forwardTo } from "./forward.ts";
import type { DownloadNode } from "./forward-download.ts";
import { createFileAgent, forwardDownload } from "./forward-download.ts";
import type { NodeAddress } from "./node-connection.ts";
import { connectionTo } from "./node-connection.ts";
import { watchNode } from "./node-health.ts";
import { createNodePlaces } from "./node-places.ts";
import { createNodeTransport } from "./node-transport.ts";

/** A store of a node, and how it is reached. */
export interface RelayOptions {
  /** What calls name the store by here. */
  readonly name: string;
  readonly node: NodeAddress;
  /** Which store of the node; empty: its default one. */
  readonly store: string;
  readonly allowsChanges: boolean;
  /** Of this server. */
  readonly version: string;
  readonly logger: Logger;
}

/** Open a store of another Stowage. Nothing is asked of it before somebody calls, and it may be away. */
export function openRelay({ name, node, store, allowsChanges, version, logger }: RelayOptions): Relay {
  const { transport, patience, credentials, ...sessions } = createNodeTransport(node);
  const id = randomUUID();
  const health = watchNode(transport, { store, id, credentials });
  const { failed } = health;
  const connection = connectionTo(node);
  warnOf("the token", name, credentials, logger);
  warnOf("the certificates", name, connection.options, logger);
  const places = createNodePlaces();
  const agent = createFileAgent(connection);
  const files: DownloadNode = { name, id, store, credentials, patience, places, agent, ...connection };
  const download = (path: string): [string, Download] => [path, forwardDownload(files, path, logger)];
  const scope = store === "" ? {} : { store };
  return {
    target: node.url,
    allowsChanges,
    node: { transport, scope },
    services: implementAll(forwardTo({ name, id, transport, places, store, allowsChanges, version, failed })),
    downloads: new Map([download(downloadPath), download(exportPath)]),
    in: ({ namespace, lease }) =>
      createRemoteStore(transport, { ...scope, namespace, ...(lease !== undefined && { lease }) }),
    namespaces: async (signal) => (await listNamespaces(transport, scope, signal)) ?? [],
    state: () => health.state,
    look: (via) => health.look(via),
    totals: (namespaces) => (namespaces === "*" ? health.totals : undefined),
    async [Symbol.asyncDispose]() {
      health[Symbol.dispose]();
      sessions[Symbol.dispose]();
      agent.destroy();
    },
  };
}

/** Calls fail until it can be read, and tell nobody of a path of this machine. */
function warnOf(what: string, store: string, read: () => unknown, logger: Logger): void {
  try {
    read();
  } catch (err) {
    logger.warn({ store, err }, `${what} for a node cannot be read; the node is away until that can`);
  }
}
