/** Names an ingest among all; no namespace has a space. */
export function ingestKey(namespace: string, ref: string): string {
  return `${namespace} ${ref}`;
}
