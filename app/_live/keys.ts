import type { Blob } from "../../content/remote/events.ts";

/** The key of a blob's row. */
export function blobKey({ namespace, info }: Blob): string {
  return `${namespace} ${info.digest}`;
}

/** The key of an ingest's row. */
export function ingestKey(namespace: string, ref: string): string {
  return `${namespace} ${ref}`;
}
