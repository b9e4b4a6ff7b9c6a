import type { Transport } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-web";
import { followBlobs, followIngests } from "../../content/remote/follow.ts";
import type { HubLink } from "./hub.ts";

let transport: Transport | undefined;

/** The server that this script came from. Only in a browser, in a page or a worker. */
export function serverTransport(): Transport {
  transport ??= createConnectTransport({
    baseUrl: globalThis.location.origin,
    useBinaryFormat: true,
    useHttpGet: false,
  });
  return transport;
}

/** Streams of this script's own, from its server. */
export function createServerLink(): HubLink {
  const retries = new EventTarget();

  function wake(retry: () => void): () => void {
    retries.addEventListener("retry", retry);
    return () => retries.removeEventListener("retry", retry);
  }

  return {
    blobs: (question, signal) => followBlobs(serverTransport(), { ...question, wake }, signal),
    ingests: (question, signal) => followIngests(serverTransport(), { ...question, wake }, signal),
    retry: () => void retries.dispatchEvent(new Event("retry")),
  };
}
