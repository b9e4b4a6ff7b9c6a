import type { Transport } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-web";
import type { BlobEvent, IngestEvent } from "../../content/remote/events.ts";
import { followBlobs, followIngests } from "../../content/remote/follow.ts";
import type { BlobFollowOptions, FollowOptions } from "../../content/remote/follow-options.ts";

let transport: Transport | undefined;

/** The server that this page came from. Only in a browser. */
export function serverTransport(): Transport {
  transport ??= createConnectTransport({ baseUrl: window.location.origin, useBinaryFormat: true, useHttpGet: false });
  return transport;
}

const retries = new EventTarget();

/** End every wait for the next try now. */
export function retryNow(): void {
  retries.dispatchEvent(new Event("retry"));
}

/** A wait ends when a person asks, when the network is back, and when the page comes into sight. */
function wake(retry: () => void): () => void {
  const end = new AbortController();
  const { signal } = end;
  retries.addEventListener("retry", retry, { signal });
  window.addEventListener("online", retry, { signal });
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && retry(), { signal });
  return () => end.abort();
}

/** Where live sets come from: the streams of this page, or later of a worker that serves all of them. */
export interface Link {
  blobs(options: BlobFollowOptions, signal: AbortSignal): AsyncIterable<BlobEvent>;
  ingests(options: FollowOptions, signal: AbortSignal): AsyncIterable<IngestEvent>;
}

/** This page's own streams. */
export const pageLink: Link = {
  blobs: (options, signal) => followBlobs(serverTransport(), { ...options, wake }, signal),
  ingests: (options, signal) => followIngests(serverTransport(), { ...options, wake }, signal),
};
