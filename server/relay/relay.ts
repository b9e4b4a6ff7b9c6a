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

/** Open a store of another Stowage. Nothing is asked of it before somebody calls, and it may be away. @throws where the certificates cannot be read */
export function openRelay({ name, node, store, allowsChanges, version, logger }: RelayOptions): Relay {
  const { transport, credentials, ...sessions } = createNodeTransport(node);
  warnOfToken(name, credentials, logger);
  const health = watchNode(transport, store);
  const { failed } = health;
  const connection = connectionTo(node);
  const agent = createFileAgent(connection);
  const files: DownloadNode = { name, store, credentials, agent, ...connection };
  const download = (path: string): [string, Download] => [path, forwardDownload(files, path, logger)];
  const scope = store === "" ? {} : { store };
  return {
    target: node.url,
    allowsChanges,
    node: { transport, scope },
    services: implementAll(forwardTo({ name, transport, store, allowsChanges, version, failed })),
    downloads: new Map([download(downloadPath), download(exportPath)]),
    in: ({ namespace, lease }) =>
      createRemoteStore(transport, { ...scope, namespace, ...(lease !== undefined && { lease }) }),
    namespaces: async (signal) => (await listNamespaces(transport, scope, signal)) ?? [],
    state: () => health.state,
    look: () => health.look(),
    totals: (namespaces) => (namespaces === "*" ? health.totals : undefined),
    async [Symbol.asyncDispose]() {
      health[Symbol.dispose]();
      sessions[Symbol.dispose]();
      agent.destroy();
    },
  };
}

/** Calls fail until it can be read, and tell nobody of a path of this machine. */
function warnOfToken(store: string, credentials: () => unknown, logger: Logger): void {
  try {
    credentials();
  } catch (err) {
    logger.warn({ store, err }, "the token for a node cannot be read; the node is away until it can");
  }
}
