import type { Logger } from "pino";
import { ContentError, isKind } from "../../../content/errors.ts";
import { parseDigest } from "../../../content/parse-digest.ts";
import { createRemoteStore } from "../../../content/remote/store.ts";
import type { Store } from "../../../content/store.ts";
import { createLeftOut } from "../../mirror/left-out.ts";
import type { MirrorSource } from "../../mirror/source.ts";
import { parseDaemonAddress } from "../containerd/address.ts";
import { openDaemonTransport } from "../containerd/source.ts";
import type { ContentReads } from "../read-only.ts";
import { noContent, readOnlyStore } from "../read-only.ts";

/** What its content is shown in, and what a BuildKit that keeps it in a containerd calls its own namespace there. */
const namespace = "buildkit";

const refusal = "a buildkitd lets its content only be read; change it with buildctl";

/** The digest of no bytes: what is asked for where only the answer matters. */
const empty = parseDigest("sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");

export interface BuildkitOptions {
  /** Told of what cannot be shown. */
  readonly logger: Logger;
}

/**
 * The content of a buildkitd. Beside its own services it has containerd's content service, read-only and without namespaces
 * (moby#51698), and neither images nor leases.
 *
 * @param target its socket, or `http://HOST:PORT` of one that is reached without TLS
 * @throws StartError for a target that is none
 */
export function openBuildkitSource(target: string, { logger }: BuildkitOptions): MirrorSource {
  const address = parseDaemonAddress(target);
  const { transport, ...connection } = openDaemonTransport(address);
  const told = createLeftOut(logger);
  // No namespace is named: a buildkitd over a containerd's store would take it for the one that is meant.
  const remote = createRemoteStore(transport, { leftOut: (error) => told(error.message, error) });
  const reads = readsOf(remote);
  return {
    target: address.target,
    // It does collect, but by leases that it tells nobody of.
    collects: false,
    untold: new Set([namespace]),
    unchangeable: refusal,
    ping: (signal) => requireContent(remote, signal),
    namespaces: async () => [{ name: namespace, labels: {} }],
    in: (scope) => readOnlyStore(scope.namespace === namespace ? reads : noContent, refusal),
    async [Symbol.asyncDispose]() {
      connection[Symbol.dispose]();
    },
  };
}

/** It has no service that tells a version in containerd's way. @throws `unavailable` for what serves no content */
export async function requireContent(remote: Pick<Store, "info">, signal: AbortSignal): Promise<undefined> {
  try {
    await remote.info(empty, signal);
  } catch (error) {
    if (isKind(error, "not-found")) return;
    if (!isKind(error, "not-implemented")) throw error;
    throw new ContentError("unavailable", "it serves no content: it is no buildkitd, or an older one");
  }
}

function readsOf(remote: Store): ContentReads {
  return {
    info: remote.info,
    walk: remote.walk,
    readerAt: remote.readerAt,
    status: remote.status,
    async *listStatuses(filters, signal) {
      try {
        for await (const status of remote.listStatuses(filters ?? [], signal)) yield status;
      } catch (error) {
        if (!isKind(error, "not-implemented")) throw error;
      }
    },
  };
}
