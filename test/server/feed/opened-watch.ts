import { onTestFinished } from "vitest";
import type { BlobWatch } from "../../../server/feed/watch-blobs.ts";
import { watchBlobs } from "../../../server/feed/watch-blobs.ts";
import { createReader, quick } from "./reader.ts";
import type { Table } from "./table.ts";
import { digestOf } from "./table.ts";

const everything: BlobWatch = {
  selection: {},
  namespace: "a",
  follow: true,
  minIntervalMs: 100,
  orderBy: "",
  limit: 0,
};

/**
 * Follow the blobs of a table as a reader that ends with the test.
 *
 * @param watch what differs from a watch of all blobs of the namespace `a`
 */
export function openWatch(table: Table, watch: Partial<BlobWatch> = {}, timing: Partial<typeof quick> = {}) {
  const left = new AbortController();
  const stopping = new AbortController();
  onTestFinished(() => left.abort());
  table.scanRows = timing.pageRows ?? table.scanRows;
  const stream = watchBlobs(
    table,
    { ...everything, ...watch },
    {
      timing: { ...quick, ...timing },
      stopping: stopping.signal,
      signal: left.signal,
    },
  );
  return Object.assign(createReader(stream), { stream, left, stopping });
}

/** Put so many blobs into it, numbered from 0, each as large as its number in bytes. */
export function fill(table: Table, count: number, namespace = "a"): void {
  for (let number = 0; number < count; number += 1) table.put(namespace, digestOf(number), number);
}
