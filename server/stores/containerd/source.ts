import { connect } from "node:net";
import type { Transport } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import type { Logger } from "pino";
import type { ContentError } from "../../../content/errors.ts";
import { isKind } from "../../../content/errors.ts";
import { getVersion, subscribe } from "../../../content/remote/daemon.ts";
import { createImage, deleteImage, listImages, updateImage } from "../../../content/remote/images.ts";
import {
  addLeaseResource,
  createLease,
  deleteLease,
  deleteLeaseResource,
  leaseResources,
  listLeases,
} from "../../../content/remote/leases.ts";
import {
  createNamespace,
  deleteNamespace,
  describeNamespaces,
  labelNamespace,
} from "../../../content/remote/namespaces.ts";
import { createRemoteStore } from "../../../content/remote/store.ts";
import { Http2Sessions } from "../../http2-sessions.ts";
import { createLeftOut } from "../../mirror/left-out.ts";
import type { MirrorSource, SourceImages, SourceLeases } from "../../mirror/source.ts";
import type { DaemonAddress } from "./address.ts";
import { parseDaemonAddress } from "./address.ts";

/** What happens in a containerd that changes what is mirrored. Content has events of its own from containerd 1.7.12 on. */
const topics = [
  "/content/create",
  "/content/delete",
  "/images/create",
  "/images/update",
  "/images/delete",
  "/namespaces/create",
  "/namespaces/update",
  "/namespaces/delete",
];

/** A message that is longer is none that a containerd sends: its own limit is 16 MiB. */
const maxMessageBytes = 64 * 1024 * 1024;

export interface ContainerdOptions {
  /** Told of what cannot be shown. */
  readonly logger: Logger;
}

/** A connection for gRPC; it is made once something is asked, and anew after it was lost. */
export interface DaemonTransport extends Disposable {
  readonly transport: Transport;
  /** Let go of the connection, with all that goes through it: the next call makes another one. */
  drop(): void;
}

/** Nothing was asked yet. No PING of HTTP/2 is ever sent, since servers of grpc-go cut connections that send them often. */
export function openDaemonTransport({ path, url }: DaemonAddress): DaemonTransport {
  const dial = path === undefined ? {} : { createConnection: () => connect(path) };
  const sessions = new Http2Sessions(url, {}, dial);
  const transport = createGrpcTransport({ baseUrl: url, sessionManager: sessions, readMaxBytes: maxMessageBytes });
  const drop = (): void => sessions.abort();
  return { transport, drop, [Symbol.dispose]: drop };
}

/**
 * The content, images and leases of a containerd, in all of its namespaces.
 *
 * @param target its socket, or `http://HOST:PORT` of one that is reached without TLS
 * @throws StartError for a target that is none
 */
export function openContainerdSource(target: string, { logger }: ContainerdOptions): MirrorSource {
  const address = parseDaemonAddress(target);
  const connection = openDaemonTransport(address);
  const { transport } = connection;
  const told = createLeftOut(logger);
  const leftOut = (error: ContentError): void => told(error.message, error);
  return {
    target: address.target,
    collects: true,
    async ping(signal) {
      try {
        return await getVersion(transport, signal);
      } catch (error) {
        // Where nobody answers in time, what is connected may lead nowhere any more.
        if (signal.aborted) connection.drop();
        throw error;
      }
    },
    namespaces: (signal) => describeNamespaces(transport, {}, signal),
    namespaceChanges: {
      // A containerd before 1.7 publishes the event of it in the namespace of the call, and wants one.
      create: (name, labels, signal) => createNamespace(transport, { namespace: name }, name, labels, signal),
      update: (name, labels, fieldpaths, signal) =>
        labelNamespace(transport, { namespace: name }, { name, labels, fieldpaths }, signal),
      delete: (name, signal) => deleteNamespace(transport, { namespace: name }, name, signal),
    },
    in: ({ namespace, lease }) => createRemoteStore(transport, { namespace, ...(lease && { lease }), leftOut }),
    images: imagesOf(transport, leftOut),
    leases: leasesOf(transport),
    hints: (signal) => subscribe(transport, topics, signal),
    async [Symbol.asyncDispose]() {
      connection[Symbol.dispose]();
    },
  };
}

function imagesOf(transport: Transport, leftOut: (error: ContentError) => void): SourceImages {
  return {
    list: (namespace, signal) => listed(listImages(transport, { namespace }, [], signal, leftOut)),
    changes: {
      create: ({ namespace, lease }, draft, signal) =>
        createImage(transport, { namespace, ...(lease && { lease }) }, draft, signal),
      update: ({ namespace, lease }, draft, fieldpaths, signal) =>
        updateImage(transport, { namespace, ...(lease && { lease }) }, draft, fieldpaths, signal),
      delete: ({ namespace, lease }, name, signal) =>
        deleteImage(transport, { namespace, ...(lease && { lease }) }, name, { signal }),
    },
  };
}

function leasesOf(transport: Transport): SourceLeases {
  return {
    list: (namespace, signal) => listed(listLeases(transport, { namespace }, signal)),
    resources: (namespace, id, signal) => listed(leaseResources(transport, { namespace }, id, signal)),
    changes: {
      create: (namespace, id, labels, signal) => createLease(transport, { namespace }, { id, labels }, signal),
      delete: (namespace, id, signal) => deleteLease(transport, { namespace }, id, { signal }),
      addResource: (namespace, id, resource, signal) =>
        addLeaseResource(transport, { namespace }, id, resource, signal),
      deleteResource: (namespace, id, resource, signal) =>
        deleteLeaseResource(transport, { namespace }, id, resource, signal),
    },
  };
}

/** What a daemon answers at once, one by one; one without that service has none of them. */
async function* listed<T>(answer: Promise<readonly T[]>): AsyncGenerator<T, void, undefined> {
  try {
    yield* await answer;
  } catch (error) {
    if (!isKind(error, "not-implemented")) throw error;
  }
}
